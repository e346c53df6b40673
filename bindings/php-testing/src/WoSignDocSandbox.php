<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

use WoSignDoc\Client;
use WoSignDoc\Configuration;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\Verification\VerifyOptions;

/**
 * A WoSignDoc platform for one test or a few: a process of its own, on free ports, with a folder of its own. It really signs,
 * really pushes, and does on order what goes wrong once a year. It ends with {@see close()}, and with this process, also when
 * that is killed; nothing of it stays behind.
 */
final class WoSignDocSandbox
{
    /** How many seconds it may take to end; then it is killed. */
    private const END = 5.0;
    /** How many seconds it may take to move the clock, with all that falls due meanwhile: longer than the platform's own limit. */
    private const MOVE = 1800.0;

    /** Where orders are sent to. */
    public readonly string $endpoint;
    /** The token that orders are sent with. */
    public readonly string $tokenid;
    /** The template that they name. */
    public readonly string $tempid;
    /** All that a client needs to know, certificate and key included. */
    public readonly Configuration $configuration;
    /** The same as a file, client.json. */
    public readonly string $configurationFile;
    /** The file of the CA of server, client and signers: what to trust. */
    public readonly string $ca;
    /** The URL of the control API, for what this class has no method for; its `/openapi.json` describes it. */
    public readonly string $control;

    private readonly string $folder;
    private readonly ControlApi $api;

    /** @param array<string, string> $told what the program tells when it is ready */
    private function __construct(private readonly Program $program, array $told)
    {
        $this->endpoint = $told['endpoint'];
        $this->tokenid = $told['tokenid'];
        $this->tempid = $told['tempid'];
        $this->configurationFile = $told['client'];
        $this->configuration = Configuration::fromFile($told['client']);
        $this->ca = $told['ca'];
        $this->control = $told['control'];
        $this->folder = $told['data'];
        $this->api = new ControlApi($told['control'], $program);
        $self = \WeakReference::create($this);
        register_shutdown_function(static fn () => $self->get()?->close());
    }

    /**
     * Starts one, and returns when it is ready.
     *
     * @throws SandboxException when there is no program, or it does not start: with its log
     */
    public static function start(?SandboxOptions $options = null): self
    {
        $options ??= new SandboxOptions();
        $path = Server::find($options->server);
        $program = new Program([$path, ...$options->toArguments()]);
        $line = $program->firstLine($options->startTimeout);
        $told = json_decode((string) $line, true);
        if (is_array($told)) {
            return new self($program, $told);
        }
        $program->stop(self::END);
        [$why, $whyZh] = $line === null
            ? ["is not ready after $options->startTimeout s", "在 {$options->startTimeout} 秒内没有就绪"]
            : ['has not started', '没有启动'];
        throw new SandboxFailedException(
            "the sandbox $why: $path; its log says why (a program that knows no --temporary is too old for this package):",
            "沙箱{$whyZh}：{$path}；原因见其日志（若程序不认识 --temporary，则版本过旧，不能与本包一起使用）：",
            $program->endOfLog(),
        );
    }

    /** Returns a client of this sandbox, ready to send. */
    public function client(): Client
    {
        return new Client($this->configuration);
    }

    /**
     * Returns options that trust this sandbox's CA alone, at its own time: a document that was signed after the clock was moved
     * is judged as of then.
     */
    public function trust(): VerifyOptions
    {
        $at = $this->api->call('GET', 'clock')['judge_at'];
        return new VerifyOptions(rootFiles: $this->ca, at: $at === null ? null : new \DateTimeImmutable($at));
    }

    /**
     * Waits for the next push of an order to the inbox, and receives it as the site does. Each push is returned once: a second
     * call waits for a second push. Pushes that are not right are in {@see inbox()} alone.
     *
     * @param float $timeout how many seconds to wait at most
     * @param ?PushOptions $options what is accepted, such as only what its signatures prove
     *
     * @throws SandboxTimeoutException when none came in time, or none can since documents are pushed elsewhere or it was given
     *     up: where the order stands, and its journal
     * @throws WoSignDocException when the options refuse it
     */
    public function awaitPush(string $number, float $timeout = 30.0, ?PushOptions $options = null): ReceivedPush
    {
        return PushReceiver::receive($this->awaitBody($number, $timeout), options: $options);
    }

    /**
     * Waits as {@see awaitPush()} does, and returns the body of the push, byte for byte as it came.
     *
     * @throws SandboxTimeoutException when none came in time, or none can
     */
    public function awaitBody(string $number, float $timeout = 30.0): string
    {
        $told = $this->api->await('POST', 'inbox/next', ['number' => $number, 'timeout' => $timeout], $timeout);
        return (new InboxEntry($told, $this->api))->body();
    }

    /**
     * Waits until an order has come so far.
     *
     * @param float $timeout how many seconds to wait at most
     *
     * @throws SandboxTimeoutException when it has not in time, or cannot any longer: where it stands, and its journal
     */
    public function awaitState(string $number, OrderState $state, float $timeout = 30.0): SandboxOrder
    {
        $query = self::query(['number' => $number, 'until' => $state->value, 'timeout' => $timeout]);
        return new SandboxOrder($this->api->await('GET', "wait?$query", null, $timeout));
    }

    /**
     * Moves the platform's clock forward. What falls due meanwhile happens, in its order, before this returns: a push that was
     * not acknowledged is tried again and again, and given up after 72 hours.
     *
     * @param string|\DateInterval $span such as `90s`, `10m`, `72h` or `30d`
     */
    public function advance(string|\DateInterval $span): void
    {
        if ($span instanceof \DateInterval) {
            $now = $this->now();
            $span = $now->add($span)->getTimestamp() - $now->getTimestamp() . 's';
        }
        $this->api->call('POST', 'clock', ['advance' => $span], self::MOVE);
    }

    /** Sets the platform's clock: forward as {@see advance()} does; backward nothing happens. */
    public function setClock(\DateTimeInterface $time): void
    {
        $utc = \DateTimeImmutable::createFromInterface($time)->setTimezone(new \DateTimeZone('UTC'));
        $this->api->call('POST', 'clock', ['set' => $utc->format('Y-m-d\TH:i:s.v\Z')], self::MOVE);
    }

    /** Sets the platform's clock back to the machine's time. */
    public function resetClock(): void
    {
        $this->api->call('POST', 'clock', ['reset' => true], self::MOVE);
    }

    /** Returns the time by the platform's clock. */
    public function now(): \DateTimeImmutable
    {
        return new \DateTimeImmutable($this->api->call('GET', 'clock')['now']);
    }

    /** Lets the next order, or that with this number, fail after it was accepted. @param int $code such as -50 */
    public function fail(int $code, ?string $number = null): void
    {
        $this->fault("fail=$code", $number);
    }

    /** Lets the next order, or that with this number, be refused. @param int $code such as -68 */
    public function refuse(int $code, ?string $number = null): void
    {
        $this->fault("refuse=$code", $number);
    }

    /**
     * Orders a fault.
     *
     * @param string $word such as `lose-answer` or `wrong-hash`; docs/platform.md lists them
     * @param ?string $number only for the order with this number; null: for the next one
     * @param int $times how many times; 0: until {@see clearFaults()}
     */
    public function fault(string $word, ?string $number = null, int $times = 1): void
    {
        $this->api->call('POST', 'faults', ['fault' => $word, 'number' => $number, 'times' => $times]);
    }

    /** Takes all faults back. */
    public function clearFaults(): void
    {
        $this->api->call('DELETE', 'faults');
    }

    /**
     * Lets the inbox answer something else than the right `1`: the site is down, or says no.
     *
     * @param int $times for how many pushes; 0: until {@see clearInbox()}
     */
    public function answerPushes(int $status, string $text = '0', int $times = 1): void
    {
        $this->api->call('PATCH', 'inbox', ['status' => $status, 'answer' => $text, 'times' => $times]);
    }

    /** Forgets what was pushed to the inbox, and lets it answer rightly again. */
    public function clearInbox(): void
    {
        $this->api->call('DELETE', 'inbox');
    }

    /**
     * Lists what was pushed to the inbox, the oldest first, also what is not right; with a number the right pushes of that order.
     *
     * @return list<InboxEntry>
     */
    public function inbox(?string $number = null): array
    {
        $query = self::query(['number' => $number]);
        return array_map(fn (array $one) => new InboxEntry($one, $this->api), $this->api->call('GET', "inbox?$query"));
    }

    /** Lets documents be pushed to this URL from now on, such as the site's own; null: to the inbox. */
    public function callback(?string $url): void
    {
        $this->api->call('PATCH', 'tokens/' . rawurlencode($this->tokenid), ['callback' => $url ?? "{$this->control}inbox"]);
    }

    /** Pushes an order's document once more, whatever became of it before. */
    public function pushAgain(string $number): SandboxOrder
    {
        return new SandboxOrder($this->api->call('POST', self::path($number) . '/push-again'));
    }

    /** Forgets orders, pushes, faults, journal and inbox, and sets clock and callback back to what they were in the beginning. */
    public function reset(): void
    {
        $this->api->call('POST', 'reset', null, self::MOVE);
    }

    /** Lists the orders, the newest first. @return list<SandboxOrder> */
    public function orders(): array
    {
        return array_map(static fn (array $one) => new SandboxOrder($one), $this->api->call('GET', 'orders?limit=1000'));
    }

    /** Returns the newest order with this number, or signid. @throws SandboxException when there is none */
    public function order(string $number): SandboxOrder
    {
        return new SandboxOrder($this->api->call('GET', self::path($number)));
    }

    /** Returns an order's signed PDF. @throws SandboxException when it is not signed */
    public function document(string $number): string
    {
        return $this->api->bytes('GET', self::path($number) . '/document');
    }

    /**
     * Lists what came in and what went out, the oldest first.
     *
     * @param ?string $number only what is about this order
     *
     * @return list<JournalEntry>
     */
    public function journal(?string $number = null): array
    {
        $query = self::query(['number' => $number, 'limit' => 1000]);
        $newestFirst = $this->api->call('GET', "journal?$query");
        return array_map(static fn (array $one) => new JournalEntry($one), array_reverse($newestFirst));
    }

    /** Returns the program's log so far. */
    public function log(): string
    {
        return $this->program->log();
    }

    /** Says whether it runs: it was not closed, and has not ended otherwise. */
    public function isRunning(): bool
    {
        return $this->program->isRunning();
    }

    /** Ends it, and waits for its end. Further calls do nothing; its log can still be read. */
    public function close(): void
    {
        if (!$this->program->stop(self::END)) {
            Folder::remove($this->folder);
        }
    }

    /** @param array<string, mixed> $given what stands behind the question mark, without what is null */
    private static function query(array $given): string
    {
        return http_build_query($given, '', '&', PHP_QUERY_RFC3986);
    }

    private static function path(string $number): string
    {
        return 'orders/' . rawurlencode($number);
    }

    private function __clone()
    {
    }

    public function __serialize(): array
    {
        throw new \LogicException('a sandbox is a process of this one, and cannot be serialized (沙箱是本进程的子进程，不能序列化)');
    }

    public function __destruct()
    {
        $this->close();
    }
}
