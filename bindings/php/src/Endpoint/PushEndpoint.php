<?php

declare(strict_types=1);

namespace WoSignDoc\Endpoint;

use Psr\Log\LoggerInterface;
use WoSignDoc\Delivery\Claim;
use WoSignDoc\Delivery\DeliveryStore;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Host;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\ScriptEnd;
use WoSignDoc\TemporaryFile;

/**
 * A site's callback URL. It receives a push into a file in constant memory, verifies it, hands it to the
 * site's function, and acknowledges it only when that function has returned: a document that is not
 * stored comes again. {@see serve()} is all that a plain PHP file needs; {@see PsrPushHandler} is for PSR-15.
 */
final class PushEndpoint
{
    /** Seconds after which a received file belongs to a process that was killed. */
    private const LEFT_AFTER = 86400;

    /** @var \Closure(ReceivedPush): mixed */
    private readonly \Closure $function;
    private readonly string $folder;
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
        string $folder,
        private readonly ?DeliveryStore $store = null,
        ?LoggerInterface $logger = null,
        private readonly ?PushOptions $options = null,
    ) {
        $this->function = $function(...);
        $this->folder = Host::absolute($folder);
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
     */
    public function answer(string $method, iterable $pieces): Answer
    {
        if ($method !== 'POST') {
            return Answer::refuse(405, 'method_not_allowed', ['Allow' => 'POST']);
        }
        try {
            // The file goes when this call is over, in whatever way the site's function ends.
            $spool = $this->spool();
            return $this->deliver($this->receive($pieces, $spool->path));
        } catch (WoSignDocException $error) {
            $this->journal->refused($error);
            return Answer::refuse($error->answerStatus, $error->reason);
        } catch (\Throwable $error) {
            $this->journal->failed('receiving_failed', $error);
            return Answer::refuse(500, 'receiving_failed');
        }
    }

    private function spool(): TemporaryFile
    {
        if (!is_dir($this->folder)) {
            // What prevents that shows when the file is written.
            @mkdir($this->folder, 0700, true);
        }
        $this->removeLeftovers();
        return new TemporaryFile($this->folder . '/push-' . bin2hex(random_bytes(12)) . '.pdf');
    }

    /** Removes the files of pushes whose process was killed: nobody else would, and they hold documents. */
    private function removeLeftovers(): void
    {
        foreach (@scandir($this->folder) ?: [] as $name) {
            $file = "$this->folder/$name";
            // While the core writes one, a dot stands before its name.
            $ours = preg_match('/^\.?push-[0-9a-f]{24}\.pdf/', $name) === 1;
            if ($ours && is_file($file) && @filemtime($file) < time() - self::LEFT_AFTER) {
                @unlink($file);
            }
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
        $owner = bin2hex(random_bytes(16));
        $ending = ScriptEnd::always(function () use ($push, $owner): void {
            $this->release($push, $owner);
            $this->journal->ended($push);
        });
        $word = 'store_failed';
        try {
            $claim = $this->claim($push, $owner);
            if ($claim === Claim::Granted) {
                $word = 'not_stored';
                self::mustHaveStored(($this->function)($push));
                $word = 'store_failed';
                $this->complete($push, $owner);
            }
        } catch (\Throwable $error) {
            $this->journal->failed($word, $error, $push);
            // A claim that threw may have been kept all the same.
            $this->release($push, $owner);
            return Answer::refuse(500, $word);
        } finally {
            ScriptEnd::forget($ending);
        }
        return match ($claim) {
            Claim::Granted => $this->acknowledge($push, 'stored'),
            Claim::Busy => Answer::refuse(503, 'busy', ['Retry-After' => '5']),
            Claim::Done => $this->acknowledge($push, 'stored before'),
        };
    }

    private function claim(ReceivedPush $push, string $owner): Claim
    {
        // Without a key no store can tell this push from another: the function is called every time.
        if ($push->deliveryKey === null || $this->store === null) {
            return Claim::Granted;
        }
        $push->renewBy(fn (): bool => $this->store->renew($push->deliveryKey, $owner));
        return $this->store->claim($push->deliveryKey, $owner);
    }

    private function complete(ReceivedPush $push, string $owner): void
    {
        if ($push->deliveryKey !== null && $this->store?->complete($push->deliveryKey, $owner) === false) {
            $this->journal->takenOver($push);
        }
    }

    private function release(ReceivedPush $push, string $owner): void
    {
        try {
            if ($push->deliveryKey !== null) {
                $this->store?->release($push->deliveryKey, $owner);
            }
        } catch (\Throwable $error) {
            $this->journal->failed('store_failed', $error, $push);
        }
    }

    /** Throws for what functions return that have not stored the document, and do not throw themselves. */
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

    private function acknowledge(ReceivedPush $push, string $how): Answer
    {
        $this->journal->acknowledged($how, $push);
        return Answer::acknowledge($push->acknowledgement);
    }
}
