package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.PublicKey;
import java.util.Collection;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSSignerDigestMismatchException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;

/** SM2 with SM3 in a PDF, signed by OpenSSL: BouncyCastle, which shares no code with us, comes to the same verdict. */
class Sm2OracleTest {
    /** Covers P-33. */
    @Test
    void bothComeToTheSameVerdict() throws Exception {
        byte[] signed = Files.readAllBytes(Vectors.signed("sm2.pdf"));
        byte[] other = Files.readAllBytes(Vectors.signed("sm2-broken.pdf"));
        byte[] changed = signed.clone();
        int place = new String(signed, StandardCharsets.ISO_8859_1).indexOf("MediaBox") + 10;
        changed[place] ^= 1;
        for (Object[] item : new Object[][] {{signed, true}, {other, false}, {changed, false}}) {
            byte[] document = (byte[]) item[0];
            VerificationReport report = Verification.verify(document, VerifyOptions.builder().build());
            assertEquals(item[1], report.signatures().get(0).integrity().value() == SignatureReport.Integrity.OK, report::toString);
            assertEquals(item[1], bouncyCastle(document));
        }
    }

    private static boolean bouncyCastle(byte[] document) throws Exception {
        String text = new String(document, StandardCharsets.ISO_8859_1);
        Matcher range = Pattern.compile("/ByteRange \\[0 (\\d+) (\\d+) (\\d+)\\]").matcher(text);
        range.find();
        int gap = Integer.parseInt(range.group(1));
        int behind = Integer.parseInt(range.group(2));
        ByteArrayOutputStream covered = new ByteArrayOutputStream();
        covered.write(document, 0, gap);
        covered.write(document, behind, Integer.parseInt(range.group(3)));
        byte[] contents = HexFormat.of().parseHex(text.substring(gap + 1, behind - 1));
        CMSSignedData data = new CMSSignedData(
                new CMSProcessableByteArray(covered.toByteArray()),
                new ByteArrayInputStream(contents));
        SignerInformation signer = data.getSignerInfos().iterator().next();
        @SuppressWarnings("unchecked")
        Collection<X509CertificateHolder> found = data.getCertificates().getMatches(signer.getSID());
        BouncyCastleProvider provider = new BouncyCastleProvider();
        // The key alone: the certificate is younger than the time that the signature claims.
        PublicKey key = new JcaX509CertificateConverter()
                .setProvider(provider)
                .getCertificate(found.iterator().next())
                .getPublicKey();
        try {
            return signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider(provider).build(key));
        } catch (CMSSignerDigestMismatchException digestDiffers) {
            return false;
        }
    }
}
