<?php

declare(strict_types=1);

// A site's test with a platform of its own: phpunit --bootstrap vendor/autoload.php ContractTest.php

use WoSignDoc\DocumentSource;
use WoSignDoc\SignatureBox;
use WoSignDoc\Signer;
use WoSignDoc\SignOrder;

/** What the site sends. */
function contract(string $number): SignOrder
{
    $examples = __DIR__ . '/../../../examples';
    $scan = DocumentSource::path("$examples/material.png");
    return new SignOrder(
        orderNumber: $number,
        document: DocumentSource::path("$examples/contract.pdf"),
        signers: [
            Signer::organisation(
                name: '云杉软件（示例）有限公司',
                number: '91350100M000100Y43',
                pic: $scan,
                otherPic: $scan,
                boxes: [new SignatureBox(4, left: 0.17, bottom: 0.60, right: 0.37, top: 0.7414)],
            ),
        ],
    );
}

// [sandbox]
use PHPUnit\Framework\TestCase;
use WoSignDoc\Exception\PlatformException;
use WoSignDoc\Testing\OrderState;
use WoSignDoc\Testing\UsesWoSignDocSandbox;

final class ContractTest extends TestCase
{
    use UsesWoSignDocSandbox;

    public function testTheContractComesBackSigned(): void
    {
        $sandbox = $this->sandbox();

        $sandbox->client()->create(contract('HT-2026-0001'));
        $push = $sandbox->awaitPush('HT-2026-0001');

        self::assertTrue($push->verify($sandbox->trust())->isValid());
        self::assertSame($sandbox->document('HT-2026-0001'), $push->document());
    }

    public function testTheBalanceIsUsedUp(): void
    {
        $this->sandbox()->refuse(-68);

        $this->expectException(PlatformException::class);
        $this->expectExceptionCode(-68);
        $this->sandbox()->client()->create(contract('HT-2026-0002'));
    }

    public function testTheSiteIsDownForDays(): void
    {
        $sandbox = $this->sandbox();
        $sandbox->answerPushes(503, times: 0);

        $sandbox->client()->create(contract('HT-2026-0003'));
        $sandbox->advance('80h');
        self::assertSame('undelivered', $sandbox->order('HT-2026-0003')->pushState);

        $sandbox->clearInbox();
        $sandbox->pushAgain('HT-2026-0003');
        self::assertSame(1, $sandbox->awaitState('HT-2026-0003', OrderState::Acknowledged)->pushTries);
    }
}
// [/sandbox]
