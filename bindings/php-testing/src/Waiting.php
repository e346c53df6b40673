<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/**
 * Waits for what an order comes to, and says where it stands when that takes too long.
 *
 * @internal
 */
final class Waiting
{
    /** The pause between two looks into the inbox, in microseconds. */
    private const PAUSE = 20_000;

    private readonly \WeakReference $sandbox;
    /** @var array<int, true> by the numbers of the pushes that were returned */
    private array $returned = [];

    public function __construct(private readonly ControlApi $api, WoSignDocSandbox $sandbox)
    {
        // A circle would keep the sandbox alive when nobody uses it any more.
        $this->sandbox = \WeakReference::create($sandbox);
    }

    /** Waits until an order has come so far. @throws SandboxException when it has not in time */
    public function state(string $number, string $state, float $timeout): SandboxOrder
    {
        $query = http_build_query(['number' => $number, 'until' => $state, 'timeout' => $timeout], '', '&', PHP_QUERY_RFC3986);
        [$status, $answer] = $this->api->exchange('GET', "wait?$query", null, $timeout + 30);
        $told = json_decode($answer, true);
        return match ($status) {
            200 => new SandboxOrder($told),
            408 => throw $this->late($number, $state, $timeout),
            // The state or the time is none.
            default => throw new SandboxException(
                "awaitState('$number', '$state', $timeout): " . ($told['message'] ?? $answer),
                "awaitState('{$number}', '{$state}', {$timeout})：" . ($told['message_zh'] ?? $answer),
            ),
        };
    }

    /**
     * Waits for a push to the inbox that was not returned yet.
     *
     * @param ?string $elsewhere where documents are pushed to now; null: to the inbox
     *
     * @throws SandboxException when none came in time
     */
    public function push(string $number, float $timeout, ?string $elsewhere): InboxEntry
    {
        $end = microtime(true) + $timeout;
        do {
            foreach ($entries = $this->inbox($number) as $entry) {
                if (!isset($this->returned[$entry->id])) {
                    $this->returned[$entry->id] = true;
                    return $entry;
                }
            }
            if ($elsewhere !== null) {
                throw new SandboxException(
                    "no push of $number comes to the inbox: documents are pushed to $elsewhere; wait by awaitState('$number', "
                        . "'acknowledged'), or call callback(null)",
                    "{$number} 的推送不会进入收件箱：文档推送到 {$elsewhere}；请用 awaitState('{$number}', 'acknowledged') 等待，"
                        . '或调用 callback(null)',
                );
            }
            usleep(self::PAUSE);
        } while (microtime(true) < $end);
        $what = $entries === [] ? 'pushed to the inbox' : 'pushed to the inbox once more';
        throw $this->late($number, $what, $timeout);
    }

    /** @return list<InboxEntry> */
    public function inbox(?string $number): array
    {
        $query = http_build_query(['number' => $number], '', '&', PHP_QUERY_RFC3986);
        return array_map(
            fn (array $one): InboxEntry => new InboxEntry($one, $this->api),
            $this->api->call('GET', "inbox?$query"),
        );
    }

    private function late(string $number, string $what, float $timeout): SandboxException
    {
        $sandbox = $this->sandbox->get();
        $orders = array_filter(
            $sandbox?->orders() ?? [],
            static fn (SandboxOrder $one): bool => in_array($number, [$one->orderNumber, $one->signid], true),
        );
        $stands = $orders === [] ? 'no such order has come in' : (string) reset($orders);
        $journal = $sandbox?->journal($orders === [] ? null : $number) ?? [];
        return new SandboxException(
            "$number is not $what after $timeout s: $stands",
            "{$number} 在 {$timeout} 秒内没有到达所等待的状态（{$what}）：{$stands}",
            "its journal, the newest first:\n" . ($journal === [] ? '(empty)' : implode("\n", $journal)),
            true,
        );
    }
}
