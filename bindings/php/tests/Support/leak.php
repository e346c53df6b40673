<?php

declare(strict_types=1);

// Runs one of the loops below so many times, and prints the KiB by which this process grew:
// leak.php orders|pushes|hosted|verified TIMES

require __DIR__ . '/../bootstrap.php';

use WoSignDoc\Client;
use WoSignDoc\DocumentSource;
use WoSignDoc\Exception\IntegrityException;
use WoSignDoc\Exception\InvalidOrderException;
use WoSignDoc\Exception\UntrustedException;
use WoSignDoc\Protocol;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\SignOrder;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Pushes;
use WoSignDoc\Tests\Support\Signed;
use WoSignDoc\Transport\NoAnswerException;
use WoSignDoc\Transport\Request;
use WoSignDoc\Transport\Response;
use WoSignDoc\Transport\Transport;
use WoSignDoc\Verification\Verifier;

/** @return \Closure(int): void */
function orders(): \Closure
{
    $document = random_bytes(20_000);
    $order = static fn (): SignOrder => new SignOrder('L-1', [Orders::person()], DocumentSource::bytes($document), 'pdf');
    return static function (int $at) use ($order): void {
        if ($at % 10 === 0) {
            try {
                Protocol::validate(new SignOrder('', []));
            } catch (InvalidOrderException) {
                return;
            }
        }
        Protocol::validate($order(), '{"tokenid":"T"}');
        if ($at % 10 === 1) {
            Protocol::wire($order(), '{"tokenid":"T"}');
        }
    };
}

/** @return \Closure(int): void */
function pushes(): \Closure
{
    $folder = Folder::make();
    $good = Pushes::signed(random_bytes(100_000));
    $bad = Pushes::signed('x', hash: str_repeat('0', 64));
    return static function (int $at) use ($folder, $good, $bad): void {
        switch ($at % 4) {
            case 0:
                PushReceiver::receive($good)->document();
                break;
            case 1:
                PushReceiver::receive($good, "$folder/a.pdf");
                break;
            case 2:
                $receiver = new PushReceiver();
                foreach (Pushes::pieces($good, 16_384) as $piece) {
                    $receiver->feed($piece);
                }
                $at % 8 === 2 ? $receiver->finish() : $receiver->abandon();
                break;
            default:
                try {
                    PushReceiver::receive($bad);
                } catch (IntegrityException) {
                    break;
                }
        }
    };
}

/** Orders that a transport sends, or breaks off. @return \Closure(int): void */
function hosted(): \Closure
{
    $document = random_bytes(20_000);
    $transport = new class () implements Transport {
        public function name(): string
        {
            return 'none';
        }

        public function send(Request $request): Response
        {
            while (!isset($piece) || $piece !== '') {
                $piece = $request->body->read(10_000);
            }
            throw new NoAnswerException('lost', true, cut: new Response(200, '{"status":1,"signid":"s"}'));
        }
    };
    $client = Client::fromArray(['endpoint' => 'https://sign.example/', 'tokenid' => 'T', 'retry' => ['attempts' => 1]], $transport);
    return static function (int $at) use ($client, $document): void {
        try {
            $signers = $at % 10 === 0 ? [] : [Orders::person()];
            $client->create(new SignOrder('L-1', $signers, DocumentSource::bytes($document), 'pdf'));
        } catch (InvalidOrderException) {
            return;
        }
    };
}

/** Documents verified, alone and in pushes, taken and refused. @return \Closure(int): void */
function verified(): \Closure
{
    $options = new PushOptions(verify: Signed::trust(), quarantine: Folder::make());
    $bodies = array_map(static fn (string $name): string => Pushes::signed(Signed::bytes($name)), ['valid.pdf', 'stranger.pdf']);
    return static function (int $at) use ($options, $bodies): void {
        (new Verifier(Signed::trust()))->verify(DocumentSource::bytes(Signed::bytes('valid.pdf')))->signatures;
        (new Verifier())->trustOf(DocumentSource::path(Signed::path('valid.pdf')))->trustJson();
        try {
            PushReceiver::receive($bodies[$at % 2], null, $options)->report();
        } catch (UntrustedException $error) {
            $error->report();
        }
    };
}

/** Resident memory of this process, in KiB. */
function resident(): int
{
    preg_match('/^VmRSS:\s+(\d+) kB/m', (string) file_get_contents('/proc/self/status'), $found);
    return (int) ($found[1] ?? 0);
}

$call = match ($argv[1]) {
    'orders' => orders(),
    'pushes' => pushes(),
    'hosted' => hosted(),
    'verified' => verified(),
};
$times = (int) $argv[2];
// Warm-up: caches and pools fill.
for ($at = 0; $at < $times / 5; $at++) {
    $call($at);
}
gc_collect_cycles();
$before = resident();
for ($at = 0; $at < $times; $at++) {
    $call($at);
}
gc_collect_cycles();
echo resident() - $before;
