<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

use WoSignDoc\Verification\VerificationReport;

/**
 * The document or its sender is not who was expected. For the reason `document_untrusted` there is a report, which names
 * people: the message has the codes of its reasons alone.
 */
final class UntrustedException extends WoSignDocException
{
    /** Returns what was found about the document; null for any other reason than `document_untrusted`. */
    public function report(): ?VerificationReport
    {
        return $this->verified;
    }

    /** Returns the file in which the document was kept aside; null: it was not. */
    public function quarantinePath(): ?string
    {
        return $this->toArray()['quarantine']['path'] ?? null;
    }

    /** Returns why it could not be kept aside, where that was asked; null: it was, or was not asked. */
    public function quarantineError(): ?WoSignDocException
    {
        $error = $this->toArray()['quarantine']['error'] ?? null;
        return $error === null ? null : parent::from($error);
    }
}
