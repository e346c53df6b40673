<?php

declare(strict_types=1);

// Says whether a document is really signed: php verify.php FILE [ROOTS…]. ROOTS are files of trusted roots, such as the
// ca.pem in a sandbox's data folder; without any, nobody is trusted.
// Exits with 0: valid, 1: invalid, 2: indeterminate (something cannot be judged), 3: nothing could be verified.

require __DIR__ . '/../../bindings/php/autoload.php';

use WoSignDoc\DocumentSource;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Verification\Verdict;
use WoSignDoc\Verification\Verifier;
use WoSignDoc\Verification\VerifyOptions;

if ($argc < 2) {
    fwrite(STDERR, "usage: php verify.php signed.pdf [roots.pem…]\n");
    exit(3);
}
try {
    $options = new VerifyOptions(rootFiles: array_slice($argv, 2));
    $report = (new Verifier($options))->verify(DocumentSource::path($argv[1]));
} catch (WoSignDocException $error) {
    fwrite(STDERR, "{$error->getMessage()}: $error->advice ({$error->messageZh}：{$error->adviceZh})\n");
    exit(3);
}
echo "{$report->verdict->value}: {$report->state->value}\n";
foreach ($report->reasons as $reason) {
    echo "  {$reason->then->value}: $reason->code: $reason->message ($reason->messageZh)\n";
}
foreach ($report->signatures as $signature) {
    $when = $signature->provenTime?->time->format('Y-m-d H:i:s') ?? 'an unproven time';
    echo "  signed by {$signature->signer?->subject} at $when: {$signature->trust->value->value}\n";
}
exit(match ($report->verdict) {
    Verdict::Valid => 0,
    Verdict::Invalid => 1,
    default => 2,
});
