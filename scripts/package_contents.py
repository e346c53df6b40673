"""What every package says of its content: licences and bills of materials, for scripts/test-packages."""
import json
import re
import subprocess
import tarfile
import zipfile


class Failed(Exception):
    """A trial that did not do what it should; the message says what."""


def files(archive):
    """The name and a reader of each file in an archive, links left out."""
    if archive.name.endswith(".tar.gz"):
        packed = tarfile.open(archive)
        return {entry.name: lambda entry=entry: packed.extractfile(entry).read() for entry in packed if entry.isfile()}
    packed = zipfile.ZipFile(archive)
    return {name: lambda name=name: packed.read(name) for name in packed.namelist()}


def declared(archive):
    """An archive with native files has the terms of each crate inside, and a bill of materials for each file; both agree."""
    inside = files(archive)
    natives = [name for name in inside if re.search(r"(\.so(\.\d+)?|wosigndoc\.dll|wosigndoc-server(\.exe)?)$", name)]
    ends = ["/LICENSE-MIT", "/LICENSE-APACHE", "/THIRD-PARTY-LICENSES.txt"]
    notices = [name for end in ends for name in inside if f"/{name}".endswith(end)]
    bills = [json.loads(inside[name]()) for name in inside if re.search(r"(^|/)sbom/[\w-]+\.cdx\.json$", name)]
    if not natives or len(notices) != len(ends) or len(bills) != len(natives):
        raise Failed(f"{archive.name} has {natives}, {notices} and {len(bills)} bills of materials")
    terms = inside[notices[2]]().decode("utf-8")
    crates = set(re.findall(r"^([\w-]+) (\d\S*): ", terms.split("\nCrates\n\n")[1].split("\n\n")[0], re.M))
    components = {(part["name"], part["version"]) for bill in bills for part in bill["components"]}
    if len(crates) < 100 or not crates <= components:
        raise Failed(f"{archive.name}: the bills of materials lack {sorted(crates - components)}")
    for name, version in crates:
        if f"\n{name} {version} (" not in terms:
            raise Failed(f"{archive.name}: there is no text for {name} {version}")


def contents(folder):
    """Every package, but those that hold nothing of others."""
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, check=True)
    archives = [file for file in sorted(folder.iterdir())
                if re.search(r"\.(gz|zip|jar|nupkg)$", file.name) and not re.search("-sources|-javadoc|-testing|AspNetCore|Testing", file.name)]
    for archive in archives:
        declared(archive)
    return f"terms and bills of materials of {len(archives)} packages"
