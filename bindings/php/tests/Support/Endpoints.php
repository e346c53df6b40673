<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

use WoSignDoc\Delivery\DeliveryStore;
use WoSignDoc\Endpoint\Answer;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\ReceivedPush;

/** What tests of endpoints share: a folder, a log, and a function that keeps what it is given. */
trait Endpoints
{
    private string $folder;
    private MemoryLogger $log;
    /** @var list<ReceivedPush> */
    private array $stored = [];
    /** @var list<mixed> what they held: the document's bytes, or the codes of a failure */
    private array $contents = [];

    protected function setUp(): void
    {
        $this->folder = Folder::make();
        $this->log = new MemoryLogger();
    }

    /** @return \Closure(ReceivedPush): void */
    private function keep(): \Closure
    {
        return function (ReceivedPush $push): void {
            $this->stored[] = $push;
            $this->contents[] = $push->failed() ? $push->errorCodes : $push->document();
        };
    }

    private function endpoint(callable $function, ?DeliveryStore $store = null, ?PushOptions $options = null): PushEndpoint
    {
        return new PushEndpoint($function, $this->folder, $store, $this->log, $options);
    }

    private function push(PushEndpoint $endpoint, string $body): Answer
    {
        return $endpoint->answer('POST', Pushes::pieces($body));
    }

    private function assertRefused(int $status, string $word, Answer $answer): void
    {
        self::assertSame([$status, "not acknowledged: $word"], [$answer->status, $answer->body]);
        self::assertFalse($answer->acknowledges());
    }
}
