<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/** How a sandbox is started. */
final class SandboxOptions
{
    /**
     * @param ?string $server the path of wosigndoc-server; null: what the environment's WOSIGNDOC_SERVER names, else the one in
     *     this package's folder `server`, else the one on PATH
     * @param ?string $callback where documents are pushed to, such as the URL of the site under test; null: to the sandbox's own
     *     inbox, which {@see WoSignDocSandbox::awaitPush()} reads
     * @param bool $faultsByNumber whether the ending of an order's number orders a fault, such as `A-1!lose-answer`
     * @param list<string> $arguments further arguments of `wosigndoc-server dev`, such as `--http-callbacks`
     * @param float $startTimeout how many seconds the start may take
     */
    public function __construct(
        public readonly ?string $server = null,
        public readonly ?string $callback = null,
        public readonly bool $faultsByNumber = false,
        public readonly array $arguments = [],
        public readonly float $startTimeout = 60.0,
    ) {
    }

    /**
     * Writes them as the program reads them.
     *
     * @internal
     *
     * @return list<string>
     */
    public function toArguments(): array
    {
        return [
            'dev',
            '--temporary',
            ...($this->callback === null ? [] : ['--callback', $this->callback]),
            ...($this->faultsByNumber ? ['--faults'] : []),
            ...$this->arguments,
        ];
    }
}
