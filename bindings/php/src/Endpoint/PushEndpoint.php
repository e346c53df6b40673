<?php

declare(strict_types=1);

namespace WoSignDoc\Endpoint;

use Psr\Log\LoggerInterface;
use WoSignDoc\Delivery\Claim;
use WoSignDoc\Delivery\DeliveryStore;
use WoSignDoc\ErrorKind;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\Push\SafeFile;
use WoSignDoc\ScriptEnd;
use WoSignDoc\TemporaryFile;

/**
 * A site's callback URL. It receives a push into a file in constant memory, verifies it, hands it to the
 * site's function, and acknowledges it only when that function has returned: a document that is not
 * stored comes again. {@see serve()} is all that a plain PHP file needs; {@see PsrPushHandler} is for PSR-15.
 */
final class PushEndpoint
{
    /** Bytes of a body that is accepted where the options name no limit: what the core accepts too. */
    private const MAX_BODY = 268_435_456;

    /** @var \Closure(ReceivedPush): mixed */
    private readonly \Closure $function;
    private readonly Journal $journal;

    /**
     * @param callable(ReceivedPush): mixed $function stores the document, for example by
     *     {@see ReceivedPush::saveAs()}; whatever it throws keeps the push from being acknowledged. So do
     *     false, which is what PHP's own functions return when they fail, and what has not happened yet: a
     *     generator or a promise. It is called for an order that failed too ({@see ReceivedPush::failed()}).
     * @param string $folder where documents lie until the function has stored them elsewhere, made if need be;
     *     the web server must not serve it. What the function leaves there is removed.
     * @param ?DeliveryStore $store keeps a document that is pushed twice from reaching the function twice
     * @param ?LoggerInterface $logger null: PHP's own error log
     */
    public function __construct(
        callable $function,
        private readonly string $folder,
        private readonly ?DeliveryStore $store = null,
        ?LoggerInterface $logger = null,
        private readonly ?PushOptions $options = null,
    ) {
        $this->function = $function(...);
        $this->journal = new Journal($logger);
    }

    /**
     * Answers the request that PHP is serving: reads `php://input` piece by piece, and sends status, headers
     * and body. Nothing that the function prints, and no way in which it ends the script, can pass for an
     * acknowledgement.
     */
    public function serve(): void
    {
        (new PlainServer($this->journal))->serve($this);
    }

    /**
     * Works out the answer to a push, for servers of any make.
     *
     * @param string $method the request's method
     * @param iterable<string> $pieces the body
     * @param ?int $contentLength where the request says it
     */
    public function answer(string $method, iterable $pieces, ?int $contentLength = null): Answer
    {
        if ($method !== 'POST') {
            return Answer::refuse(405, 'method_not_allowed', ['Allow' => 'POST']);
        }
        if ($contentLength !== null && $contentLength > ($this->options?->maxBody ?? self::MAX_BODY)) {
            $this->journal->refused('push_too_large', ['content_length' => $contentLength]);
            return Answer::refuse(413, 'push_too_large');
        }
        // Goes when this call is over, in whatever way the site's function ends.
        SafeFile::folder($this->folder);
        $spool = new TemporaryFile($this->folder . '/push-' . bin2hex(random_bytes(12)) . '.pdf');
        try {
            $push = $this->receive($pieces, $spool->path);
            return $this->deliver($push);
        } catch (WoSignDocException $error) {
            $this->journal->refused($error->reason, ['exception' => $error]);
            return Answer::refuse(self::statusOf($error), $error->reason);
        } catch (\Throwable $error) {
            $this->journal->failed('the push could not be received', $error);
            return Answer::refuse(500, 'receiving_failed');
        }
    }

    /** @param iterable<string> $pieces */
    private function receive(iterable $pieces, string $spool): ReceivedPush
    {
        $receiver = new PushReceiver($spool, $this->options);
        try {
            foreach ($pieces as $piece) {
                $receiver->feed($piece);
            }
            return $receiver->finish();
        } finally {
            $receiver->abandon();
        }
    }

    private function deliver(ReceivedPush $push): Answer
    {
        // Without a key no store can tell this push from another: the function is called every time.
        $key = $push->deliveryKey;
        $owner = bin2hex(random_bytes(16));
        try {
            $claim = $key === null ? Claim::Granted : $this->store?->claim($key, $owner) ?? Claim::Granted;
        } catch (\Throwable $error) {
            $this->journal->failed('the delivery store failed', $error, $push);
            return Answer::refuse(500, 'store_failed');
        }
        return match ($claim) {
            Claim::Granted => $this->process($push, $key, $owner),
            Claim::InProgress => Answer::refuse(503, 'in_progress', ['Retry-After' => '5']),
            Claim::Done => $this->acknowledge($push, 'stored before'),
        };
    }

    private function process(ReceivedPush $push, ?string $key, string $owner): Answer
    {
        $done = false;
        $ending = ScriptEnd::always(function () use ($push, $key, $owner): void {
            $this->release($key, $owner, $push);
            $this->journal->ended($push);
        });
        try {
            self::mustHaveStored(($this->function)($push));
            if ($key !== null) {
                $this->store?->complete($key);
            }
            $done = true;
        } catch (\Throwable $error) {
            $this->journal->failed('the push was not stored', $error, $push);
            return Answer::refuse(500, 'not_stored');
        } finally {
            ScriptEnd::forget($ending);
            if (!$done) {
                $this->release($key, $owner, $push);
            }
        }
        return $this->acknowledge($push, 'stored');
    }

    /** What functions return that have not stored it, and do not throw. */
    private static function mustHaveStored(mixed $result): void
    {
        $why = match (true) {
            $result === false => 'it returned false, as functions of PHP do when they fail',
            $result instanceof \Generator => 'it has a yield, so that it did not run at all',
            is_object($result) && method_exists($result, 'then') => 'it returned a promise, for which nobody waits',
            default => null,
        };
        if ($why !== null) {
            throw new \LogicException("the function does not say that it stored the push: $why");
        }
    }

    private function release(?string $key, string $owner, ReceivedPush $push): void
    {
        try {
            if ($key !== null) {
                $this->store?->release($key, $owner);
            }
        } catch (\Throwable $error) {
            $this->journal->failed('the delivery store failed', $error, $push);
        }
    }

    private function acknowledge(ReceivedPush $push, string $how): Answer
    {
        $this->journal->acknowledged($how, $push);
        return Answer::acknowledge($push->acknowledgement);
    }

    /** What the sender did wrong is 400 or 413; what went wrong here is 500. */
    private static function statusOf(WoSignDocException $error): int
    {
        return match ($error->kind) {
            ErrorKind::Protocol, ErrorKind::Integrity, ErrorKind::Untrusted
                => $error->reason === 'push_too_large' ? 413 : 400,
            default => 500,
        };
    }
}
