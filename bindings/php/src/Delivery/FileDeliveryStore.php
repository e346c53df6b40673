<?php

declare(strict_types=1);

namespace WoSignDoc\Delivery;

use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Host;
use WoSignDoc\Native\Core;
use WoSignDoc\Native\Json;
use WoSignDoc\Push\SafeFile;

/** A store in a folder, for a site on one machine. It may be shared with endpoints in other languages. */
final class FileDeliveryStore implements DeliveryStore
{
    private readonly string $folder;

    /**
     * @param string $folder belongs to this store alone; it is made, for this user only, where it is missing
     * @param int $expireSeconds after which a claim that was never completed is given to the next push, at least
     *     1; longer than the site's function ever takes
     *
     * @throws WoSignDocException when the folder cannot be made or written, or $expireSeconds is below 1
     */
    public function __construct(string $folder, private readonly int $expireSeconds = self::EXPIRE_SECONDS)
    {
        InvalidCallException::ifExpiryIsShort($expireSeconds);
        $this->folder = Host::absolute($folder);
        Json::mustBeUtf8('folder', $this->folder);
        SafeFile::folder($this->folder, 'folder');
    }

    public function claim(string $key, string $owner): Claim
    {
        $found = $this->step('claim', $key, $owner);
        return $found['taken_over'] ? Claim::GrantedAgain : Claim::from($found['claim']);
    }

    public function complete(string $key, string $owner): bool
    {
        return !$this->step('complete', $key, $owner)['taken_over'];
    }

    public function release(string $key, string $owner): void
    {
        $this->step('release', $key, $owner);
    }

    public function renew(string $key, string $owner): bool
    {
        return $this->step('renew', $key, $owner)['renewed'];
    }

    /** @return array<mixed> */
    private function step(string $step, string $key, string $owner): array
    {
        return Core::delivery($step, [
            'folder' => $this->folder,
            'key' => $key,
            'owner' => $owner,
            'expire_seconds' => $this->expireSeconds,
        ]);
    }
}
