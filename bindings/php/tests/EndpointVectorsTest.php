<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Delivery\Claim;
use WoSignDoc\Delivery\DeliveryStore;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Tests\Support\DeliverySteps;
use WoSignDoc\Tests\Support\FailingStore;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\MemoryLogger;
use WoSignDoc\Tests\Support\Pushes;
use WoSignDoc\Tests\Support\TimedStore;
use WoSignDoc\Tests\Support\Vectors;

/** The requests that every language's endpoint answers, with every store: same results. */
final class EndpointVectorsTest extends TestCase
{
    private \stdClass $bodies;
    private \stdClass $case;
    private TimedStore $timed;
    private string $folder;
    private string $name = '';
    /** @var array<string, true> the bodies that the site's function has kept */
    private array $kept = [];
    /** What was found while a function ran, whose exceptions count as its own. */
    private ?\Throwable $found = null;

    /** @return iterable<string, array{\Closure(?int): TimedStore}> */
    public function stores(): iterable
    {
        foreach (TimedStore::all() as $name => $open) {
            yield $name => [$open];
        }
    }

    /**
     * Covers P-2, P-30, P-31, P-32, P-33: what is answered, how often the function runs, and what is stored then.
     *
     * @dataProvider stores
     *
     * @param \Closure(?int): TimedStore $open
     */
    public function testRequests(\Closure $open): void
    {
        $this->bodies = Vectors::file('endpoint')->bodies;
        foreach (Vectors::cases('endpoint') as $this->name => $this->case) {
            [$this->timed, $this->folder, $this->kept] = [$open(null), Folder::make(), []];
            array_map($this->take(...), $this->case->steps);
            self::assertNull($this->found, "{$this->name}: " . $this->found?->getMessage());
            self::assertSame([], Folder::names($this->folder), $this->name);
        }
    }

    private function take(\stdClass $step): void
    {
        isset($step->push)
            ? $this->push($step)
            : DeliverySteps::take($this->timed, $step, $this->bodies->signed->delivery_key, $this->name);
    }

    private function push(\stdClass $step): void
    {
        $calls = 0;
        $function = function () use ($step, &$calls): void {
            $calls++;
            foreach ($step->function ?? ['store'] as $act) {
                match ($act) {
                    'store' => $this->kept[$step->push] = true,
                    'throw' => throw new \RuntimeException('the disk is full'),
                    default => $this->takeInside($act),
                };
            }
        };
        $store = isset($this->case->without_store) ? null : $this->store((array) ($step->store_throws ?? []));
        $endpoint = new PushEndpoint($function, $this->folder, $store, new MemoryLogger(), $this->options());
        $answer = $endpoint->answer($step->method ?? 'POST', $this->body($step));
        $expect = $step->expect;
        $about = "{$this->name}: {$step->push}";
        self::assertSame([$expect->status, $expect->body], [$answer->status, $answer->body], $about);
        self::assertStringStartsWith('text/plain', $answer->headers['Content-Type'], $about);
        $headers = array_intersect_key($answer->headers, ['Allow' => '', 'Retry-After' => '']);
        self::assertSame((array) ($expect->headers ?? []), $headers, $about);
        self::assertSame([$expect->calls, $expect->stored], [$calls, isset($this->kept[$step->push])], $about);
        if (isset($expect->claim)) {
            self::assertSame($expect->claim, $this->claimOf($this->bodies->{$step->push}->delivery_key), $about);
        }
    }

    /** A step that is taken while the site's function runs. */
    private function takeInside(\stdClass $step): void
    {
        try {
            $this->take($step);
        } catch (\Throwable $error) {
            $this->found ??= $error;
        }
    }

    /** @param array<string, string> $throws */
    private function store(array $throws): DeliveryStore
    {
        return $throws === [] ? $this->timed->store : new FailingStore($this->timed->store, $throws);
    }

    private function options(): PushOptions
    {
        $options = $this->case->options ?? new \stdClass();
        return new PushOptions(
            expectOrderNumber: $options->expect->ordernumber ?? null,
            maxBody: $options->limits->body ?? null,
        );
    }

    /** @return iterable<string> */
    private function body(\stdClass $step): iterable
    {
        $text = Vectors::text($this->bodies->{$step->push}->text);
        if (isset($step->breaks_after)) {
            yield substr($text, 0, $step->breaks_after);
            throw new \RuntimeException('the connection is gone');
        }
        yield from Pushes::pieces($text);
    }

    /** What the store says of a push: none (a claim would be granted), open, done. */
    private function claimOf(string $key): string
    {
        $claim = $this->timed->store->claim($key, 'probe');
        if ($claim === Claim::Granted || $claim === Claim::GrantedAgain) {
            $this->timed->store->release($key, 'probe');
        }
        return match ($claim) {
            Claim::Granted, Claim::GrantedAgain => 'none',
            Claim::Busy => 'open',
            Claim::Done => 'done',
        };
    }
}
