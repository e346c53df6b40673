<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\DocumentSource;
use WoSignDoc\Exception\UntrustedException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\RawOrder;
use WoSignDoc\Signer;
use WoSignDoc\SignOrder;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Pushes;
use WoSignDoc\Tests\Support\Signed;
use WoSignDoc\Tests\Support\Vectors;
use WoSignDoc\Verification\Changes;
use WoSignDoc\Verification\Consequence;
use WoSignDoc\Verification\Coverage;
use WoSignDoc\Verification\Integrity;
use WoSignDoc\Verification\NameMatch;
use WoSignDoc\Verification\NumberMatch;
use WoSignDoc\Verification\Policy;
use WoSignDoc\Verification\Preset;
use WoSignDoc\Verification\Revocation;
use WoSignDoc\Verification\SignatureKind;
use WoSignDoc\Verification\SignerRules;
use WoSignDoc\Verification\State;
use WoSignDoc\Verification\Trust;
use WoSignDoc\Verification\Verdict;
use WoSignDoc\Verification\VerificationReport;
use WoSignDoc\Verification\Verifier;
use WoSignDoc\Verification\VerifyOptions;

/** Signed documents verified: what goes down to the core, and what comes up. */
final class VerificationTest extends TestCase
{
    private const SIGNER = '云杉软件（示例）有限公司';

    /** Covers P-33: the cases that every language runs, from memory, from a file, and in a push, whole and in pieces. */
    public function testEveryCase(): void
    {
        $count = 0;
        foreach (Vectors::cases('verify') as $name => $case) {
            $options = VerifyOptions::fromArray(json_decode((string) json_encode($case->options), true));
            $bytes = Signed::bytes($case->document);
            $verifier = new Verifier($options);
            $path = DocumentSource::path(Signed::path($case->document));
            foreach (['bytes' => DocumentSource::bytes($bytes), 'path' => $path] as $how => $document) {
                $this->compare($case->expect, static fn (): VerificationReport => $verifier->verify($document), "$name, $how", '');
            }
            $file = Folder::make() . '/a.pdf';
            $pushed = Pushes::signed($bytes);
            foreach (['whole' => null, 'pieces' => $file] as $how => $target) {
                $receive = static fn (): ReceivedPush => self::receive($pushed, $target, new PushOptions(verify: $options));
                // A receiver may say something else, by its own settings' names.
                $prefix = isset($case->push) ? '' : 'verify.';
                $this->comparePush($case->push ?? $case->expect, $receive, $bytes, "$name, $how", $prefix);
                self::assertSame(($case->expect->verdict ?? '') === 'valid' && $target !== null, is_file($file), $name);
            }
            $count++;
        }
        self::assertGreaterThan(10, $count);
    }

    private static function receive(string $body, ?string $target, PushOptions $options): ReceivedPush
    {
        if ($target === null) {
            return PushReceiver::receive($body, null, $options);
        }
        $receiver = new PushReceiver($target, $options);
        array_map($receiver->feed(...), Pushes::pieces($body, 1000));
        return $receiver->finish();
    }

    /** @param \Closure(): VerificationReport $call */
    private function compare(\stdClass $expect, \Closure $call, string $name, string $prefix): void
    {
        try {
            $report = $call();
        } catch (WoSignDocException $error) {
            $said = [$error->kind->value, $error->reason, $error->field];
            $wanted = $expect->error ?? new \stdClass();
            self::assertSame([$wanted->kind ?? '', $wanted->reason ?? '', $prefix . ($wanted->field ?? '')], $said, $name);
            return;
        }
        self::assertSame([$expect->verdict, $expect->state], [$report->verdict->value, $report->state->value], $name);
        $codes = $report->codes();
        sort($codes);
        self::assertSame($expect->reasons, $codes, $name);
        self::assertSame($expect->verdict === 'valid', $report->isValid(), $name);
    }

    /** @param \Closure(): ReceivedPush $receive */
    private function comparePush(\stdClass $expect, \Closure $receive, string $bytes, string $name, string $prefix): void
    {
        $this->compare($expect, function () use ($receive, $bytes, $name): VerificationReport {
            try {
                $push = $receive();
                self::assertSame($bytes, $push->document(), $name);
                self::assertTrue($push->report()?->isValid(), $name);
                return $push->report();
            } catch (UntrustedException $error) {
                self::assertSame(['document_untrusted', 400], [$error->reason, $error->answerStatus], $name);
                self::assertFalse($error->report()?->isValid(), $name);
                self::assertNull($error->quarantinePath());
                self::assertNull($error->quarantineError());
                return $error->report();
            }
        }, $name, $prefix);
    }

    /** What comes up has types. */
    public function testTheReport(): void
    {
        $options = Signed::trust(
            signers: new SignerRules(['李明']),
            sent: DocumentSource::bytes(Signed::bytes('unsigned.pdf')),
        );
        $report = (new Verifier($options))->verify(DocumentSource::path(Signed::path('valid.pdf')));
        self::assertSame([Verdict::Invalid, State::Intact], [$report->verdict, $report->state]);
        $reason = $report->reasons[0];
        self::assertSame(['signer_missing', Consequence::Invalid, null], [$reason->code, $reason->then, $reason->signature]);
        self::assertStringContainsString('李明', $reason->message);
        self::assertStringContainsString('没有', $reason->messageZh);
        self::assertSame('Seal', $report->reasons[1]->signature);
        $bytes = Signed::bytes('valid.pdf');
        $facts = [$report->document?->size, $report->document?->sha256, $report->document?->pages, $report->document?->encrypted];
        self::assertSame([strlen($bytes), hash('sha256', $bytes), 1, false], $facts);
        [$signature] = $report->signatures;
        self::assertSame(['Seal', SignatureKind::Signature, 1], [$signature->field, $signature->kind, $signature->page]);
        self::assertSame([10.0, 20.0, 110.0, 70.0], $signature->box);
        $found = [$signature->integrity->value, $signature->trust->value, $signature->coverage->value];
        self::assertSame([Integrity::Ok, Trust::Trusted, Coverage::WholeFile], $found);
        self::assertSame([Revocation::Unknown, Changes::None], [$signature->revocation->value, $signature->changes->value]);
        self::assertStringContainsString('吊销', $signature->revocation->reasons[0]->messageZh);
        self::assertSame(['ecdsa', 256], [$signature->algorithms?->signature, $signature->algorithms?->bits]);
        self::assertSame(['2026-01-01', 'signing_time'], [$signature->claimedTime?->time->format('Y-m-d'), $signature->claimedTime?->source]);
        self::assertNull($signature->provenTime);
        self::assertSame('2026-06-01T00:00:00+00:00', $signature->judgedAt?->format('c'));
        $signer = $signature->signer;
        self::assertSame([self::SIGNER, hash('sha256', (string) $signer?->der)], [$signer?->name, $signer?->sha256]);
        self::assertSame('CN=Example Root', $signer->issuer);
        self::assertSame('2099-01-01', $signer->notAfter?->format('Y-m-d'));
        self::assertSame(Signed::root(), str_replace("\r", '', $signature->chain[0]->pem()));
        self::assertSame([false, '李明', null], [
            $report->signers?->complete,
            $report->signers?->required[0]->name,
            $report->signers?->required[0]->signature,
        ]);
        self::assertTrue($report->sent?->same);
        self::assertSame($report->toArray(), json_decode($report->json(), true));
    }

    /** A platform or a core that is newer: what this package has no word for stands in the data. */
    public function testUnknownWords(): void
    {
        $data = ['verdict' => 'splendid', 'state' => 7, 'signatures' => [['trust' => ['value' => 'loved'], 'new' => 1]]];
        $report = new VerificationReport($data);
        self::assertSame([Verdict::Other, State::Other, false], [$report->verdict, $report->state, $report->isValid()]);
        self::assertSame(Trust::Other, $report->signatures[0]->trust->value);
        self::assertSame(Integrity::Other, $report->signatures[0]->integrity->value);
        self::assertSame('splendid', $report->toArray()['verdict']);
        self::assertSame(1, json_decode($report->json(), true)['signatures'][0]['new']);
    }

    /** Every typed setting is the core's own, which takes them all. */
    public function testTheOptions(): void
    {
        $trust = (new Verifier())->trustOf(DocumentSource::path(Signed::path('valid.pdf')))->trust;
        $order = new SignOrder('A-1', [Signer::organisation(self::SIGNER, '91350100M000100Y43'), Signer::person('李明', '1')]);
        $options = new VerifyOptions(
            rootFiles: [Signed::path('root.pem')],
            roots: Signed::root(),
            trust: $trust,
            password: 'secret',
            at: new \DateTimeImmutable('2026-06-01T08:00:00+08:00'),
            preset: Preset::Strict,
            policy: new Policy(Consequence::Accept, Consequence::Invalid, rsaBits: 3072, sha1: false),
            order: $order,
            signers: new SignerRules(['王芳'], false, 2, NameMatch::Contains, NumberMatch::IfPresent, true),
            settings: ['preset' => 'report', 'newer' => 1],
        );
        self::assertSame([
            'roots' => ['ca_file' => [Signed::path('root.pem')], 'ca' => [Signed::root()]],
            'trust' => [$trust[0]->toArray()],
            'policy' => ['unknown_revocation' => 'accept', 'expired' => 'invalid', 'rsa_bits' => 3072, 'sha1' => false],
            'signers' => [
                'names' => ['王芳'],
                'in_order' => false,
                'count' => 2,
                'match' => ['name' => 'contains', 'number' => 'if_present', 'dictionary' => true],
            ],
            'password' => 'secret',
            'at' => '2026-06-01T00:00:00Z',
            'preset' => 'strict',
            'order' => ['signerlist' => [
                ['signType' => 1, 'orgName' => self::SIGNER, 'orgNo' => '91350100M000100Y43'],
                ['signType' => 2, 'userName' => '李明', 'userNo' => '1'],
            ]],
            'newer' => 1,
        ], $options->toArray());
        $known = VerifyOptions::fromArray(array_diff_key($options->toArray(), ['newer' => 0]));
        $report = (new Verifier($known))->verify(DocumentSource::path(Signed::path('valid.pdf')));
        self::assertSame([self::SIGNER, '李明', '王芳'], self::sorted(array_column((array) $report->signers?->required, 'name')));
        self::assertStringNotContainsString('secret', print_r($options, true) . json_encode($options));
    }

    /** What is given by name goes over a configuration setting by setting: nothing that stands beside it is lost. */
    public function testMerging(): void
    {
        $settings = [
            'roots' => ['ca' => Signed::root(), 'ca_file' => Signed::path('root.pem')],
            'policy' => ['weak' => 'invalid', 'expired' => 'accept'],
            'signers' => ['count' => 99, 'names' => ['王芳'], 'match' => ['name' => 'exact', 'number' => 'required']],
            'order' => ['signerlist' => [['orgName' => '王芳']]],
            'trust' => [],
            'at' => '2026-06-01T00:00:00Z',
        ];
        $order = new SignOrder('A-1', [Signer::organisation(self::SIGNER, '1')]);
        $wanted = [
            'roots' => ['ca_file' => [Signed::path('root.pem'), Signed::path('root.pem')], 'ca' => Signed::root()],
            'policy' => ['expired' => 'invalid', 'weak' => 'invalid'],
            'signers' => ['names' => ['王芳', '李明'], 'match' => ['number' => 'ignore', 'name' => 'exact'], 'count' => 99],
            'order' => ['signerlist' => [['signType' => 1, 'orgName' => self::SIGNER, 'orgNo' => '1']]],
            'trust' => [],
            'at' => '2026-06-01T00:00:00Z',
        ];
        $signers = new SignerRules(['李明'], number: NumberMatch::Ignore);
        $policy = new Policy(expired: Consequence::Invalid);
        foreach ([$settings, (array) json_decode((string) json_encode($settings))] as $below) {
            $options = new VerifyOptions(Signed::path('root.pem'), policy: $policy, order: $order, signers: $signers, settings: $below);
            self::assertEquals($wanted, $options->toArray());
            $later = (new VerifyOptions(Signed::path('root.pem'), policy: $policy, settings: $below))->withSigners($signers)->withOrder($order);
            self::assertEquals($wanted, $later->toArray());
        }
        $report = (new Verifier($options))->verify(DocumentSource::path(Signed::path('valid.pdf')));
        self::assertContains('signature_count', $report->codes());
        $known = new VerifyOptions(settings: ['sent' => Signed::path('valid.pdf')] + $settings);
        self::assertSame(Signed::path('valid.pdf'), $known->withSigners($signers)->toArray()['sent']);
        self::assertArrayNotHasKey('sent', $known->withSent(DocumentSource::bytes('%PDF'))->toArray());
        // PHP has one empty array, which stands for an object here.
        $empty = ['roots' => [], 'policy' => [], 'signers' => ['match' => []], 'order' => []];
        $empty = VerifyOptions::fromArray($empty)->withSigners(new SignerRules(count: 2))->toArray();
        ksort($empty);
        self::assertSame('{"order":{},"policy":{},"roots":{},"signers":{"count":2,"match":{}}}', json_encode($empty));
    }

    /** @param list<string> $names @return list<string> */
    private static function sorted(array $names): array
    {
        usort($names, static fn (string $a, string $b): int => array_search($a, [self::SIGNER, '李明', '王芳'], true) <=> array_search($b, [self::SIGNER, '李明', '王芳'], true));
        return $names;
    }

    /** What is wrong is named by the core, in the words of the settings. */
    public function testWhatIsWrong(): void
    {
        $document = DocumentSource::path(Signed::path('valid.pdf'));
        foreach ([
            ['roots.ca_file', new VerifyOptions(rootFiles: '/nowhere/root.pem'), $document],
            ['roots.ca', new VerifyOptions(roots: 'no certificate'), $document],
            ['policy.rsa_bits', new VerifyOptions(policy: new Policy(rsaBits: 7)), $document],
            ['order', VerifyOptions::fromArray(['order' => 'text']), $document],
            ['sent', new VerifyOptions(sent: DocumentSource::path('/nowhere/a.pdf')), $document],
            ['path', new VerifyOptions(), DocumentSource::path('/nowhere/a.pdf')],
            ['signers.names[0]', new VerifyOptions(signers: new SignerRules(["\xc0\xee"])), $document],
        ] as [$field, $options, $given]) {
            try {
                (new Verifier($options))->verify($given);
                self::fail($field);
            } catch (WoSignDocException $error) {
                self::assertSame($field, $error->field, $error->getMessage());
            }
        }
        $refused = [
            'order' => static fn () => new VerifyOptions(order: new RawOrder('{')),
            'verify.sent' => static fn () => new PushReceiver(null, new PushOptions(
                verify: new VerifyOptions(sent: DocumentSource::bytes('%PDF')),
            )),
            'verify.roots.ca_file' => static fn () => new PushReceiver(null, new PushOptions(verify: new VerifyOptions('/nowhere'))),
            'quarantine' => static fn () => new PushReceiver(null, new PushOptions(quarantine: '/nowhere')),
            'verify.root' => static fn () => new PushReceiver(null, new PushOptions(verify: VerifyOptions::fromArray(['root' => 1]))),
        ];
        foreach ($refused as $field => $call) {
            try {
                $call();
                self::fail($field);
            } catch (WoSignDocException $error) {
                self::assertSame($field, $error->field, $error->getMessage());
            }
        }
        $this->expectExceptionMessage('not base64');
        (new Verifier())->verify(DocumentSource::base64('*'));
    }

    /** The order as it was sent, typed or raw: each of its signers has to have signed. */
    public function testTheOrderAsItWasSent(): void
    {
        $signed = new SignOrder('A-1', [Signer::organisation(self::SIGNER, '91350100M000100Y43')]);
        $other = new SignOrder('A-1', [Signer::organisation(self::SIGNER, '91350100M000100Y43'), Signer::person('李明', '1')]);
        $document = DocumentSource::base64(base64_encode(Signed::bytes('valid.pdf')));
        foreach ([[true, $signed], [false, $other]] as [$valid, $order]) {
            foreach ([$order, $order->toRaw()] as $one) {
                $report = (new Verifier(Signed::trust()->withOrder($one)))->verify($document);
                self::assertSame([$valid, $valid], [$report->isValid(), $report->signers?->complete]);
            }
        }
        $report = (new Verifier(Signed::trust()->withSigners(new SignerRules(['李明']))))->verify($document);
        self::assertContains('signer_missing', $report->codes());
    }

    /** What was sent, from memory or from a file. */
    public function testWhatWasSentIsCompared(): void
    {
        foreach ([['valid.pdf', 'unsigned.pdf', true], ['broken.pdf', 'valid.pdf', false]] as [$document, $sent, $same]) {
            foreach ([DocumentSource::bytes(Signed::bytes($sent)), DocumentSource::path(Signed::path($sent))] as $source) {
                $report = (new Verifier(Signed::trust()->withSent($source)))->verify(DocumentSource::path(Signed::path($document)));
                self::assertSame($same, $report->sent?->same);
                self::assertSame($same, $report->sent->differences === []);
                self::assertSame(!$same, in_array('differs_from_sent', $report->codes(), true));
            }
        }
        $options = new PushOptions(verify: Signed::trust()->withSent(DocumentSource::path(Signed::path('unsigned.pdf'))));
        $push = PushReceiver::receive(Pushes::signed(Signed::bytes('valid.pdf')), null, $options);
        self::assertTrue($push->report()?->sent?->same);
    }

    /** A person looks at the first contract; then it is trusted, as it is or out of a configuration. */
    public function testTrustOf(): void
    {
        $document = DocumentSource::path(Signed::path('valid.pdf'));
        $found = (new Verifier())->trustOf($document);
        [$block] = $found->trust;
        self::assertSame(['CN=Example Root', State::Intact], [$block->subject, $found->state]);
        self::assertSame($block->sha256, hash('sha256', (string) $block->der()));
        $at = new \DateTimeImmutable('2026-06-01T00:00:00Z');
        $pasted = json_decode('{"at": "2026-06-01T00:00:00Z", "trust": ' . $found->trustJson() . '}', true);
        foreach ([new VerifyOptions(trust: $found->trust, at: $at), VerifyOptions::fromArray($pasted)] as $options) {
            self::assertTrue((new Verifier($options))->verify($document)->isValid());
            $report = (new Verifier($options))->verify(DocumentSource::path(Signed::path('stranger.pdf')));
            self::assertContains('issuer_changed', $report->codes());
        }
        self::assertSame([], (new Verifier())->trustOf(DocumentSource::bytes(Signed::bytes('unsigned.pdf')))->trust);
    }

    /** The report names people: what prints or logs an object does not. */
    public function testDumpsNameNobody(): void
    {
        $options = Signed::trust(signers: new SignerRules(['李明']));
        $report = (new Verifier($options))->verify(DocumentSource::path(Signed::path('valid.pdf')));
        $push = PushReceiver::receive(Pushes::signed(Signed::bytes('valid.pdf')), null, new PushOptions(verify: Signed::trust()));
        try {
            PushReceiver::receive(Pushes::signed(Signed::bytes('valid.pdf')), null, new PushOptions(verify: $options));
            self::fail('it was taken');
        } catch (UntrustedException $error) {
            self::assertStringContainsString('signer_missing', $error->getMessage());
            self::assertStringContainsString('李明', $error->report()?->json() ?? '');
        }
        $parts = [$report, $report->reasons, $report->signatures, $report->signers, $report->signers?->required, $options];
        $parts[] = $report->signatures[0]->signer;
        ob_start();
        var_dump($parts, $push, $error);
        print_r($parts);
        print_r($error);
        $dump = ob_get_clean() . json_encode([$parts, $push, $error->toArray()], JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE) . $error;
        self::assertStringContainsString('signer_missing', $dump);
        foreach (['李明', '云杉'] as $name) {
            self::assertStringNotContainsString($name, $dump);
        }
        self::assertTrue(unserialize(serialize($push))->report()?->isValid());
    }
}
