<?php

declare(strict_types=1);

namespace WoSignDoc;

use FFI\CData;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Native\Core;
use WoSignDoc\Native\Json;
use WoSignDoc\Transport\HostedOrder;
use WoSignDoc\Transport\Transport;

/**
 * Sends signing orders. Make one and keep it: its connection to the platform stays open between orders,
 * and a client opened with the same configuration by a later request of the same php-fpm worker takes the
 * connection over. A client made before a fork works in parent and child alike.
 */
final class Client
{
    private readonly CData $handle;
    private readonly string $about;
    private readonly int $ending;

    /**
     * Loads certificate, key and trusted roots, and checks all that needs no network.
     *
     * @param ?Transport $transport the host's own way to send: it has its certificate, roots and proxy, and what the
     *     configuration says of them is not read; null: the library sends
     *
     * @throws WoSignDocException naming the setting that is wrong
     */
    public function __construct(
        #[\SensitiveParameter] private readonly Configuration $configuration,
        private readonly ?Transport $transport = null,
    ) {
        if ($transport !== null) {
            $about = Core::configHosted($configuration->json());
            $this->about = Json::encode($about + ['transport' => $transport->name(), 'warnings' => []]);
            return;
        }
        [$handle, $this->about] = Core::clientShared($configuration->json());
        $this->handle = $handle;
        $this->ending = ScriptEnd::insteadOfDestructor(static fn () => Core::clientFree($handle));
    }

    /**
     * Opens a client with settings that the program holds.
     *
     * @param array<string, mixed> $settings as in a configuration file
     *
     * @throws WoSignDocException naming the setting that is wrong
     */
    public static function fromArray(#[\SensitiveParameter] array $settings, ?Transport $transport = null): self
    {
        return new self(Configuration::fromArray($settings), $transport);
    }

    /**
     * Opens a client with a configuration file, such as the `client.json` that the platform's sandbox writes.
     *
     * @throws WoSignDocException naming the setting that is wrong
     */
    public static function fromFile(string $path, ?Transport $transport = null): self
    {
        return new self(Configuration::fromFile($path), $transport);
    }

    /**
     * Opens a client with WOSIGNDOC_ENDPOINT, WOSIGNDOC_TOKEN, WOSIGNDOC_IDENTITY and the other variables.
     *
     * @param ?array<string, string> $environment instead of the process's own
     *
     * @throws WoSignDocException naming the setting that is missing, or the setting or variable that is wrong
     */
    public static function fromEnvironment(
        #[\SensitiveParameter] ?array $environment = null,
        ?Transport $transport = null,
    ): self {
        return new self(Configuration::fromEnvironment($environment), $transport);
    }

    /**
     * Sends an order. After a failure that leaves open whether the order arrived, it is sent again by
     * itself as often as the configuration says.
     *
     * @param ?int $timeoutMs for the whole call, in milliseconds; null: as configured
     *
     * @throws Exception\InvalidOrderException when the order breaks rules; nothing was sent
     * @throws Exception\PlatformException when the platform says no
     * @throws WoSignDocException of another kind when the network, TLS or a file fails
     */
    public function create(
        #[\SensitiveParameter] SignOrder|RawOrder $order,
        ?int $timeoutMs = null,
    ): SignOrderResult {
        $order = self::raw($order);
        return new SignOrderResult($this->transport === null
            ? Core::orderCreate($this->handle, $order, $timeoutMs ?? 0)
            : (new HostedOrder($this->configuration->json(), $order, $timeoutMs ?? 0))->send($this->transport));
    }

    /**
     * Checks an order without sending it.
     *
     * @return list<Warning> oddities that would stop nothing
     *
     * @throws Exception\InvalidOrderException with every rule that it breaks
     * @throws WoSignDocException when the configuration's file cannot be read any more
     */
    public function validate(#[\SensitiveParameter] SignOrder|RawOrder $order): array
    {
        return Protocol::validate($order, $this->configuration->json());
    }

    /**
     * Returns the order's request body as it would go over the wire, the token in it.
     *
     * @throws Exception\InvalidOrderException with every rule that it breaks
     * @throws WoSignDocException when the configuration's file cannot be read any more
     */
    public function wire(#[\SensitiveParameter] SignOrder|RawOrder $order): string
    {
        return Protocol::wire($order, $this->configuration->json());
    }

    /**
     * Describes this client: endpoint, certificate (subject, issuer, serial, validity, hash of its public
     * key) and warnings, for example that the certificate expires soon; with a transport its endpoint and that one's name.
     *
     * @return array<mixed>
     */
    public function about(): array
    {
        return Json::decode($this->about);
    }

    private static function raw(#[\SensitiveParameter] SignOrder|RawOrder $order): RawOrder
    {
        return $order instanceof RawOrder ? $order : $order->toRaw();
    }

    /** Keeps passphrases and keys out of dumps. @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['about' => $this->about()];
    }

    public function __serialize(): array
    {
        throw new \LogicException('a client cannot be serialized: keep its configuration instead');
    }

    private function __clone()
    {
    }

    public function __destruct()
    {
        if (isset($this->handle)) {
            ScriptEnd::forget($this->ending);
            Core::clientFree($this->handle);
        }
    }
}
