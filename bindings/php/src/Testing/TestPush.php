<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

use WoSignDoc\Endpoint\Answer;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\TemporaryFile;

/**
 * A push as the platform sends it, for a site's own tests: without a network, a platform or a certificate. It goes
 * through the same checks as a real one; its document is a PDF, but bears no signature. An endpoint that verifies
 * ({@see PushOptions::$verify}) refuses that one: give a contract that the sandbox has signed, and trust the sandbox's CA
 * in the test, at a time when the contract was valid.
 */
final class TestPush
{
    /** A page without anything on it. */
    private const DOCUMENT = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        . "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        . "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        . "xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \n"
        . "trailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n";

    /** @param array<string, mixed> $body */
    private function __construct(#[\SensitiveParameter] private readonly array $body)
    {
    }

    /**
     * Makes the push of a signed document.
     *
     * @param string $orderNumber the site's own number of the order
     * @param ?string $document its bytes; null: an empty page
     * @param ?string $signid the platform's id of the order; null: TEST- and the number
     */
    public static function signed(
        string $orderNumber = 'TEST-1',
        #[\SensitiveParameter] ?string $document = null,
        ?string $signid = null,
    ): self {
        $document ??= self::DOCUMENT;
        return self::of(1, '0', $orderNumber, $signid, [
            'content' => base64_encode($document),
            'hash' => hash('sha256', $document),
        ]);
    }

    /**
     * Makes the push of an order that failed.
     *
     * @param string $orderNumber the site's own number of the order
     * @param list<int> $codes why it failed, as the platform numbers it
     * @param ?string $signid the platform's id of the order; null: TEST- and the number
     */
    public static function failed(string $orderNumber = 'TEST-1', array $codes = [-50], ?string $signid = null): self
    {
        return self::of(0, implode('&', $codes), $orderNumber, $signid, []);
    }

    /** Returns the same push with a hash that does not hold, which never reaches the site's function. */
    public function withWrongHash(): self
    {
        return new self(array_replace_recursive($this->body, ['extendData' => ['hash' => str_repeat('0', 64)]]));
    }

    /** Returns the request's body, for a test that POSTs it to the site's own URL. */
    public function body(): string
    {
        return json_encode($this->body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
    }

    /** Hands it to an endpoint, and returns what the platform would be answered. Called twice, it is a push that comes twice. */
    public function sendTo(PushEndpoint $endpoint): Answer
    {
        return $endpoint->answer('POST', [$this->body()]);
    }

    /**
     * Hands it to a site's function as an endpoint does, with the document in a file that is gone afterwards.
     *
     * @param callable(ReceivedPush): mixed $function
     * @param ?PushOptions $options as the endpoint has them, for a function that asks the push for its report
     *
     * @return mixed what the function returns; what it throws is thrown
     */
    public function handTo(callable $function, ?PushOptions $options = null): mixed
    {
        $file = new TemporaryFile(sys_get_temp_dir() . '/wosigndoc-' . bin2hex(random_bytes(12)) . '.pdf');
        return $function(PushReceiver::receive($this->body(), $file->path, $options));
    }

    /** @param array<string, string> $more */
    private static function of(int $status, string $codes, string $orderNumber, ?string $signid, array $more): self
    {
        $ids = ['signid' => $signid ?? "TEST-$orderNumber", 'ordernumber' => $orderNumber];
        return new self([
            'actiontype' => 'PushSignedDoc',
            'status' => $status,
            'errorcode' => $codes,
            'extendData' => $ids + $more,
        ]);
    }

    /** Keeps the document out of dumps. @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['ordernumber' => $this->body['extendData']['ordernumber'], 'status' => $this->body['status']];
    }
}
