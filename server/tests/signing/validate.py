"""Asks pyHanko about every signature of a PDF: validate.py FILE PASSWORD CERTIFICATE... [at=TIME]

One line of JSON for each signature. Its default policy is stricter than ISO 32000 in one point: it takes a new
visible signature after a certification that allows signing (DocMDP P=2) for a forbidden change. That is turned
off, all else stays. TIME (ISO 8601) is when it is asked; now, unless given.
"""
import asyncio, json, logging, sys
from datetime import datetime

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import StandardDiffPolicy, policies
from pyhanko.sign.diff_analysis.rules.form_field_rules import SigFieldCreationRule
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def policy():
    default = policies.DEFAULT_DIFF_POLICY
    rules = [SigFieldCreationRule(allow_new_visible_after_certify=True) if isinstance(rule, SigFieldCreationRule)
             else rule for rule in default.form_rule.field_rules]
    return StandardDiffPolicy(default.global_rules, type(default.form_rule)(rules))


async def main(path, password, *rest):
    certificates = [name for name in rest if not name.startswith("at=")]
    moment = next((datetime.fromisoformat(name[3:]) for name in rest if name.startswith("at=")), None)
    with open(path, "rb") as file:
        reader = PdfFileReader(file)
        if reader.xrefs.hybrid_xrefs_present:  # never validated by its strict mode
            reader = PdfFileReader(file, strict=False)
        if password:
            assert not reader.decrypt("wrong" + password).status.value, "opened with a wrong password"
        if reader.encrypted:  # by an owner's password alone, it opens with none
            assert reader.decrypt(password).status.value, "not opened with the password"
        context = ValidationContext(trust_roots=list(load_certs_from_pemder(certificates)), allow_fetching=False,
                                    moment=moment)
        for signature in reader.embedded_signatures:
            status = await async_validate_pdf_signature(signature, context, diff_policy=policy())
            print(json.dumps({
                "field": signature.field_name,
                "subfilter": str(signature.sig_object["/SubFilter"]),
                "subject": status.signing_cert.subject.human_friendly,
                "intact": status.intact, "valid": status.valid, "trusted": status.trusted,
                "bottom_line": status.bottom_line,
                "coverage": status.coverage.name, "changes": status.modification_level.name,
                "digest": status.md_algorithm,
                "attributes": [attribute["type"].native for attribute in signature.signer_info["signed_attrs"]],
            }))


logging.disable(logging.CRITICAL)
asyncio.run(main(*sys.argv[1:]))
