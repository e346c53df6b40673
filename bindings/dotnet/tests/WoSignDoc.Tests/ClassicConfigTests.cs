#if NETFRAMEWORK
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Xml.Linq;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>
/// The classic example's Web.config: .NET Framework loads a strong-named assembly only in the version that was asked
/// for, or to which the configuration redirects. Mono does not mind.
/// </summary>
public sealed class ClassicConfigTests
{
    private static readonly XNamespace Binding = "urn:schemas-microsoft-com:asm.v1";

    [Test]
    public void Every_reference_in_bin_is_exact_or_redirected()
    {
        string built = Repository.Built("PushSite", string.Empty);
        string[] files = Directory.GetFiles(built, "*.dll");
        Dictionary<string, AssemblyName> there = files.Select(AssemblyName.GetAssemblyName).ToDictionary(static one => one.Name);
        Dictionary<string, XElement> redirects = Redirects(Path.Combine(built, "Web.config"));
        var wrong = new List<string>();
        foreach (string file in files)
        {
            foreach (AssemblyName asked in Assembly.ReflectionOnlyLoadFrom(file).GetReferencedAssemblies())
            {
                if (there.TryGetValue(asked.Name, out AssemblyName found)
                    && found.GetPublicKeyToken().Length > 0
                    && asked.Version != found.Version
                    && !Redirected(redirects, asked.Version, found))
                {
                    wrong.Add($"{Path.GetFileName(file)}: {asked.Name} {asked.Version}, and {found.Version} is there");
                }
            }
        }

        Assert.That(there, Contains.Key("System.Text.Json"));
        Assert.That(wrong, Is.Empty, string.Join("\n", wrong));
    }

    private static Dictionary<string, XElement> Redirects(string file) =>
        XDocument.Load(file).Descendants(Binding + "dependentAssembly").ToDictionary(
            static one => one.Element(Binding + "assemblyIdentity")!.Attribute("name")!.Value);

    private static bool Redirected(Dictionary<string, XElement> redirects, Version asked, AssemblyName found)
    {
        if (!redirects.TryGetValue(found.Name, out XElement redirect))
        {
            return false;
        }

        XElement identity = redirect.Element(Binding + "assemblyIdentity")!;
        XElement versions = redirect.Element(Binding + "bindingRedirect")!;
        Version[] old = [.. versions.Attribute("oldVersion")!.Value.Split('-').Select(Version.Parse)];
        string token = string.Concat(found.GetPublicKeyToken().Select(static one => one.ToString("x2")));
        return identity.Attribute("publicKeyToken")!.Value == token
            && old[0] <= asked && asked <= old[1]
            && Version.Parse(versions.Attribute("newVersion")!.Value) == found.Version;
    }
}
#endif
