<?php

declare(strict_types=1);

// A site in PHP for run.py, which says in SITE what it needs: PATH is /STORE/EXPIRE_SECONDS, with /verify behind it for
// documents whose signatures are looked at.

require dirname(__DIR__, 2) . '/bindings/php/autoload.php';

use WoSignDoc\Delivery\Claim;
use WoSignDoc\Delivery\DeliveryStore;
use WoSignDoc\Delivery\FileDeliveryStore;
use WoSignDoc\Delivery\PdoDeliveryStore;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\Verification\VerifyOptions;

/** Faults that run.py has ordered, as files; each strikes once, whoever is first. */
final class Faults
{
    public function __construct(private readonly string $folder)
    {
    }

    public function strikes(string $key, string $what): bool
    {
        return @unlink("$this->folder/$key.$what");
    }

    public function mayThrow(string $key, string $what): void
    {
        if ($this->strikes($key, $what)) {
            throw new RuntimeException("ordered: $what");
        }
    }
}

/** A real store whose steps throw before or after they have taken effect. */
final class FaultyStore implements DeliveryStore
{
    public function __construct(private readonly DeliveryStore $store, private readonly Faults $faults)
    {
    }

    public function claim(string $key, string $owner): Claim
    {
        return $this->step('claim', $key, fn (): Claim => $this->store->claim($key, $owner));
    }

    public function complete(string $key, string $owner): bool
    {
        return $this->step('complete', $key, fn (): bool => $this->store->complete($key, $owner));
    }

    public function release(string $key, string $owner): void
    {
        $this->step('release', $key, fn () => $this->store->release($key, $owner));
    }

    public function renew(string $key, string $owner): bool
    {
        return $this->store->renew($key, $owner);
    }

    private function step(string $name, string $key, Closure $step): mixed
    {
        $this->faults->mayThrow($key, "$name.before");
        $result = $step();
        $this->faults->mayThrow($key, "$name.after");
        return $result;
    }
}

function store(string $place, int $expireSeconds): DeliveryStore
{
    if (str_starts_with($place, 'folder:')) {
        return new FileDeliveryStore(substr($place, strlen('folder:')), $expireSeconds);
    }
    $store = new PdoDeliveryStore(new PDO($place, options: [PDO::ATTR_TIMEOUT => 30]), $expireSeconds);
    $store->createTable();
    return $store;
}

$site = json_decode((string) getenv('SITE'), true, flags: JSON_THROW_ON_ERROR);
$folder = $site['folder'];
$faults = new Faults("$folder/faults");
[, $store, $expireSeconds, $verify] = [...explode('/', $_SERVER['REQUEST_URI']), ''];

$function = function (ReceivedPush $push) use ($folder, $faults): void {
    $key = (string) $push->deliveryKey;
    $run = "$folder/runs/$key." . bin2hex(random_bytes(8));
    touch("$run.start");
    try {
        usleep($faults->strikes($key, 'function.slow') ? 6_000_000 : 20_000);
        $faults->mayThrow($key, 'function.before');
        if (!$push->failed()) {
            $push->saveAs("$folder/stored/$key.pdf");
        }
        $faults->mayThrow($key, 'function.after');
    } finally {
        touch("$run.end");
    }
};
$store = new FaultyStore(store($site['stores'][$store], (int) $expireSeconds), $faults);
$options = $verify === 'verify' ? new PushOptions(verify: new VerifyOptions(rootFiles: $site['root'])) : null;
(new PushEndpoint($function, "$folder/incoming", $store, options: $options))->serve();
