"""Signs one PDF with pyHanko each time a line comes in, and answers with the milliseconds that it took.

pyhanko_sign.py FILE KEY CERTIFICATE CA
"""
import io, sys, time

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.stamp import TextStampStyle

path, key, certificate, ca = sys.argv[1:]
signer = signers.SimpleSigner.load(key, certificate, ca_chain_files=[ca])
with open(path, "rb") as file:
    pdf = file.read()

for _ in sys.stdin:
    start = time.perf_counter()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    out = signers.PdfSigner(
        signers.PdfSignatureMetadata(field_name="Seal", subfilter=fields.SigSeedSubFilter.PADES), signer=signer,
        stamp_style=TextStampStyle(stamp_text="Seal"),
        new_field_spec=fields.SigFieldSpec("Seal", on_page=0, box=(50, 50, 200, 200)),
    ).sign_pdf(writer)
    taken = time.perf_counter() - start
    assert len(out.getbuffer()) > len(pdf)
    print(taken * 1000, flush=True)
