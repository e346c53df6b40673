<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

use WoSignDoc\DocumentSource;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Native\Core;
use WoSignDoc\Native\Json;
use WoSignDoc\Push\ReceivedPush;

/**
 * Verifies signed documents, offline: by their own signatures, and by the roots that the options trust. A document that
 * fails is no failure of a call: read the report.
 */
final class Verifier
{
    private readonly VerifyOptions $options;

    /** Takes whom to trust, and what to demand; null trusts nobody. */
    public function __construct(?VerifyOptions $options = null)
    {
        $this->options = $options ?? new VerifyOptions();
    }

    /**
     * Verifies a document: a file that the core reads, bytes, or what a push brought.
     *
     * @throws WoSignDocException when the options are wrong, naming the setting, or a file cannot be read
     * @throws \LogicException when the push brought no document
     */
    public function verify(#[\SensitiveParameter] DocumentSource|ReceivedPush $document): VerificationReport
    {
        [$bytes, $file] = self::given($document);
        [$sent, $sentFile] = $this->options->sent()?->bytesOrFile() ?? [null, null];
        return new VerificationReport(Core::verify($bytes ?? '', $sent ?? '', $this->settings($file, $sentFile)));
    }

    /**
     * Names the top of each chain of certificates in a document. A person looks at the first contract, and if it is right
     * gives the blocks to {@see VerifyOptions}. Nobody is trusted by itself.
     *
     * @throws WoSignDocException when the options are wrong, naming the setting, or a file cannot be read
     * @throws \LogicException when the push brought no document
     */
    public function trustOf(#[\SensitiveParameter] DocumentSource|ReceivedPush $document): TrustReport
    {
        [$bytes, $file] = self::given($document);
        return new TrustReport(Core::trustOf($bytes ?? '', $this->settings($file, null)));
    }

    /** @return array{?string, ?string} bytes, or a file */
    private static function given(#[\SensitiveParameter] DocumentSource|ReceivedPush $document): array
    {
        if ($document instanceof DocumentSource) {
            return $document->bytesOrFile();
        }
        $path = $document->path();
        return ($path === null ? DocumentSource::bytes($document->document()) : DocumentSource::path($path))->bytesOrFile();
    }

    private function settings(?string $file, ?string $sent): string
    {
        return Json::encode(Json::given(['path' => $file, 'sent' => $sent]) + $this->options->toArray());
    }
}
