<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

use FFI\CData;
use WoSignDoc\ErrorKind;
use WoSignDoc\Exception\TransportException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Native\Core;
use WoSignDoc\RawOrder;
use WoSignDoc\ScriptEnd;

/**
 * An order on its way by a transport. All judgement is the core's: of the order, of what came back, and of whether it is
 * sent once more.
 *
 * @internal
 */
final class HostedOrder
{
    private readonly CData $handle;
    /** @var array<mixed> what the request needs */
    public readonly array $about;
    private readonly int $ending;

    /**
     * Judges an order, and opens it.
     *
     * @throws WoSignDocException naming the setting that is wrong, or with the rules that the order breaks
     */
    public function __construct(
        #[\SensitiveParameter] string $settings,
        // The core reads its bytes where they lie, as long as this object lives.
        #[\SensitiveParameter] private readonly RawOrder $order,
        int $timeoutMs,
    ) {
        [$handle, $this->about] = Core::orderOpen($settings, $order, $timeoutMs);
        $this->handle = $handle;
        $this->ending = ScriptEnd::insteadOfDestructor(static fn () => Core::orderClose($handle));
    }

    /**
     * Sends the order, as often as the core wants it.
     *
     * @return array<mixed> what the platform said
     *
     * @throws WoSignDocException
     */
    public function send(Transport $transport): array
    {
        $body = new OrderBody($this->handle, $this->about['content_length']);
        try {
            return $this->sendBody($body, $transport);
        } finally {
            $body->end();
        }
    }

    /** @return array<mixed> */
    private function sendBody(OrderBody $body, Transport $transport): array
    {
        $left = $this->about['timeout_ms'];
        for (;;) {
            $body->begin();
            $came = self::came($transport, Request::of($this->about, $body, $left));
            // Whatever an HTTP client makes of it: half an order is none.
            if ($body->failure() !== null) {
                throw $body->failure();
            }
            if ($came instanceof Response) {
                return Core::orderAnswered($this->handle, $came->status, $came->body);
            }
            $left = $this->afterPause($came);
        }
    }

    /** Waits until the order may be sent once more. @return int the time that is left, in milliseconds */
    private function afterPause(NoAnswerException $failure): int
    {
        $next = Core::orderFailed($this->handle, $failure->told());
        usleep($next['pause_ms'] * 1000);
        return $next['timeout_ms'];
    }

    private static function came(Transport $transport, Request $request): Response|NoAnswerException
    {
        try {
            return $transport->send($request);
        } catch (NoAnswerException $failure) {
            return self::whole($failure->cut) ?? $failure;
        } catch (WoSignDocException $failure) {
            return $request->body->failure() === null ? throw $failure : new NoAnswerException('', true);
        } catch (\Throwable $thrown) {
            throw $request->body->failure() ?? TransportException::ofTransport($thrown, $request->body->wasRead());
        }
    }

    /** Returns an answer that broke off after all that it had to say. */
    private static function whole(?Response $cut): ?Response
    {
        try {
            if ($cut !== null) {
                Core::answerRead($cut->status, $cut->body);
            }
            return $cut;
        } catch (WoSignDocException $error) {
            // A refusal is whole, too.
            return $error->kind === ErrorKind::Platform ? $cut : null;
        }
    }

    private function __clone()
    {
    }

    public function __destruct()
    {
        if (isset($this->handle)) {
            ScriptEnd::forget($this->ending);
            Core::orderClose($this->handle);
        }
    }
}
