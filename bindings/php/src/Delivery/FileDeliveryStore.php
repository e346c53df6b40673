<?php

declare(strict_types=1);

namespace WoSignDoc\Delivery;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Push\SafeFile;

/** A store in a folder, for a site on one machine. One small file for each delivery. */
final class FileDeliveryStore implements DeliveryStore
{
    /**
     * @param string $folder made if need be; belongs to this store alone
     * @param int $expireSeconds after which a claim that was never completed is given to the next push;
     *     longer than the site's function ever takes
     */
    public function __construct(private readonly string $folder, private readonly int $expireSeconds = 900)
    {
    }

    public function claim(string $key, string $owner): Claim
    {
        return $this->locked(function () use ($key, $owner): Claim {
            $state = $this->read($key);
            if ($state !== null && $state['done_at'] !== null) {
                return Claim::Done;
            }
            if ($state !== null && $state['claimed_at'] > time() - $this->expireSeconds) {
                return Claim::InProgress;
            }
            $this->write($key, ['delivery_key' => $key, 'owner' => $owner, 'claimed_at' => time(), 'done_at' => null]);
            return Claim::Granted;
        });
    }

    public function complete(string $key): void
    {
        $this->locked(function () use ($key): void {
            $state = $this->read($key) ?? ['delivery_key' => $key, 'owner' => '', 'claimed_at' => time()];
            $this->write($key, ['done_at' => time()] + $state);
        });
    }

    public function release(string $key, string $owner): void
    {
        $this->locked(function () use ($key, $owner): void {
            $state = $this->read($key);
            $owned = $state !== null && $state['done_at'] === null && $state['owner'] === $owner;
            if ($owned && !@unlink($this->file($key))) {
                throw $this->unwritable($this->file($key));
            }
        });
    }

    /**
     * Runs a step while no other process runs one.
     *
     * @template T
     *
     * @param \Closure(): T $step
     *
     * @return T
     */
    private function locked(\Closure $step): mixed
    {
        SafeFile::folder($this->folder);
        $lock = @fopen($this->folder . '/lock', 'cb');
        if ($lock === false || !flock($lock, LOCK_EX)) {
            throw $this->unwritable($this->folder . '/lock');
        }
        try {
            return $step();
        } finally {
            fclose($lock);
        }
    }

    /** @return ?array{delivery_key: string, owner: string, claimed_at: int, done_at: ?int} null: nobody claimed it */
    private function read(string $key): ?array
    {
        $file = $this->file($key);
        clearstatcache(true, $file);
        if (!is_file($file)) {
            return null;
        }
        // Files here are replaced as a whole: one that cannot be read is a fault, not a state.
        $text = @file_get_contents($file);
        $state = $text === false ? null : json_decode($text, true);
        if (!is_array($state) || !is_int($state['claimed_at'] ?? null) || !is_string($state['owner'] ?? null)) {
            throw FileException::of(
                'file_unreadable',
                "a delivery's state cannot be read: $file",
                "无法读取推送状态文件：$file",
            );
        }
        return $state;
    }

    /** @param array<string, mixed> $state */
    private function write(string $key, array $state): void
    {
        $flags = JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES;
        SafeFile::write($this->file($key), json_encode($state, $flags));
    }

    private function file(string $key): string
    {
        return $this->folder . '/' . hash('sha256', $key) . '.json';
    }

    private function unwritable(string $file): FileException
    {
        return FileException::of('file_unwritable', "cannot be written: $file", "无法写入：$file");
    }
}
