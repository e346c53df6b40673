<?php

declare(strict_types=1);

namespace WoSignDoc\Endpoint;

use Psr\Log\LoggerInterface;
use WoSignDoc\Delivery\Claim;
use WoSignDoc\Delivery\DeliveryStore;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Host;
use WoSignDoc\Native\Library;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\Push\SafeFile;
use WoSignDoc\ScriptEnd;

/**
 * A site's callback URL. It receives a push into a file in constant memory, verifies it, hands it to the
 * site's function, and acknowledges it only when that function has returned: a document that is not
 * stored comes again. {@see serve()} is all that a plain PHP file needs; {@see PsrPushHandler} is for PSR-15.
 */
final class PushEndpoint
{
    /** @var \Closure(ReceivedPush): mixed */
    private readonly \Closure $function;
    private readonly Spool $spool;
    private readonly Journal $journal;

    /**
     * @param callable(ReceivedPush): mixed $function stores the document, for example by
     *     {@see ReceivedPush::saveAs()}; whatever it throws keeps the push from being acknowledged. So do
     *     false, which is what PHP's own functions return when they fail, and what has not happened yet: a
     *     generator or a promise. It is called for an order that failed too ({@see ReceivedPush::failed()}).
     * @param string $folder where documents lie until the function has stored them elsewhere; it is made, for this
     *     user only, where it is missing. The web server must not serve it. What the function leaves there is removed,
     *     and so is what a process left there that was killed.
     * @param ?DeliveryStore $store keeps a document that is pushed twice from reaching the function twice
     * @param ?LoggerInterface $logger null: PHP's own error log
     *
     * @param ?PushOptions $options what is accepted: with {@see PushOptions::$verify} only what its signatures prove. Each
     *     document is then in the native library's memory for a moment
     *
     * @throws WoSignDocException when the folder, or that of the quarantine, cannot be made or written, or a root that is
     *     trusted cannot be read
     */
    public function __construct(
        callable $function,
        string $folder,
        private readonly ?DeliveryStore $store = null,
        ?LoggerInterface $logger = null,
        private readonly ?PushOptions $options = null,
    ) {
        $this->function = $function(...);
        $this->spool = new Spool($folder);
        $this->journal = new Journal($logger);
        $this->mustBeAbleToVerify();
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
     * Checks that a push could be received now, for a site's readiness check: the native library is there, the folder
     * can be written, and the delivery store works.
     *
     * @throws \Throwable what a push would fail with
     */
    public function check(): void
    {
        Library::get();
        $this->spool->mustBeThere();
        $this->spool->file();
        $this->mustBeAbleToVerify();
        if ($this->store !== null) {
            // The same for all: what a check that was killed has left, the next one removes.
            [$key, $owner] = [str_repeat('0', 64), str_repeat('0', 32)];
            $this->store->claim($key, $owner);
            $this->store->release($key, $owner);
        }
    }

    /** Checks whom is trusted, and the folder for what is refused, before a push does. */
    private function mustBeAbleToVerify(): void
    {
        $quarantine = $this->options?->quarantine;
        if ($quarantine !== null) {
            SafeFile::folder($quarantine->folder, 'quarantine.folder');
        }
        // The core says what is wrong, such as a quarantine of what nobody verifies.
        if ($quarantine !== null || $this->options?->verify !== null) {
            (new PushReceiver(null, $this->options))->abandon();
        }
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
            $spool = $this->spool->file();
            return $this->deliver($this->receive($pieces, $spool->path));
        } catch (WoSignDocException $error) {
            $this->journal->refused($error);
            return Answer::refuse($error->answerStatus, $error->reason);
        } catch (\Throwable $error) {
            $this->journal->failed('receiving_failed', $error);
            return Answer::refuse(500, 'receiving_failed');
        }
    }

    /** @param iterable<string> $pieces */
    private function receive(iterable $pieces, string $spool): ReceivedPush
    {
        $receiver = Host::privately(fn () => new PushReceiver($spool, $this->options));
        try {
            foreach ($pieces as $piece) {
                $receiver->feed($piece);
            }
            $push = $receiver->finish();
            $push->hidden();
            return $push;
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
            if ($claim === Claim::GrantedAgain) {
                $this->journal->again($push);
            }
            if ($claim === Claim::Granted || $claim === Claim::GrantedAgain) {
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
            Claim::Granted, Claim::GrantedAgain => $this->acknowledge($push, 'stored'),
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
