package com.wosigndoc.testing;

import com.wosigndoc.DocumentSource;
import com.wosigndoc.SignOrder;
import com.wosigndoc.Signer;
import java.nio.file.Path;

/** Orders for the tests. */
final class Contracts {
    static final Path CONTRACT = Path.of("../../examples/contract.pdf");
    private static final DocumentSource SCAN = DocumentSource.path(Path.of("../../examples/material.png"));

    private Contracts() {}

    static SignOrder order(String number) {
        return SignOrder.builder(number).pdf(DocumentSource.path(CONTRACT))
                .signer(Signer.organisation("云杉软件（示例）有限公司", "91350100M000100Y43")
                        .materials(SCAN, SCAN).signAt(4, 0.17, 0.60, 0.37, 0.7414))
                .signer(Signer.person("李明", "11010519491231002X")
                        .materials(SCAN, SCAN).signAt(4, 0.56, 0.62, 0.70, 0.719))
                .build();
    }
}
