"""Verifies every signature of one PDF with pyHanko each time a line comes in, and answers with the milliseconds that it took.

pyhanko_verify.py FILE CA
"""
import io, logging, sys, time

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)
path, ca = sys.argv[1:]
roots = list(load_certs_from_pemder([ca]))
with open(path, "rb") as file:
    pdf = file.read()

for _ in sys.stdin:
    start = time.perf_counter()
    reader = PdfFileReader(io.BytesIO(pdf))
    statuses = [validate_pdf_signature(signature, ValidationContext(trust_roots=roots, allow_fetching=False))
                for signature in reader.embedded_signatures]
    taken = time.perf_counter() - start
    assert len(statuses) == 3 and all(status.bottom_line for status in statuses)
    print(taken * 1000, flush=True)
