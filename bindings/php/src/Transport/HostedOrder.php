<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

use FFI\CData;
use WoSignDoc\ErrorKind;
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
    /** An order that breaks no rule, to be judged and never sent: a client is tried by it before there is one. */
    private const SPECIMEN = '{"orderNumber":"preflight","filebase":"JVBERi0=","fileformat":"pdf","signerlist":[{"signType":2,'
        . '"userName":"preflight","userNo":"11010519491231002X","pic":"QQ==","otherpic":"QQ==",'
        . '"signlist":[{"pagenumber":1,"position":"0.1,0.1,0.3,0.2"}]}]}';

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

    /** Opens the specimen, by which settings show what they are worth. */
    public static function specimen(#[\SensitiveParameter] string $settings, int $timeoutMs = 0): self
    {
        return new self($settings, new RawOrder(self::SPECIMEN), $timeoutMs);
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
        for ($again = false; ; $again = true) {
            $body->begin();
            $came = self::came($transport, $this->request($body, $left));
            // Whatever an HTTP client makes of it: half an order is none.
            if ($body->failure() !== null) {
                throw self::after($again, $body->failure());
            }
            if ($came instanceof Response) {
                return Core::orderAnswered($this->handle, $came->status, $came->body);
            }
            $left = $this->afterPause($came);
        }
    }

    /** Asks the endpoint by a GET, which can create nothing. @throws NoAnswerException */
    public function probe(Transport $transport): Response
    {
        $nothing = new OrderBody(null, 0);
        return $transport->send($this->request($nothing, $this->about['timeout_ms'], 'GET'));
    }

    /** Returns what a call fails with that ends in such a failure. */
    public function ended(NoAnswerException $failure): WoSignDocException
    {
        try {
            for (;;) {
                Core::orderFailed($this->handle, self::told($failure));
            }
        } catch (WoSignDocException $error) {
            return $error;
        }
    }

    /** Waits until the order may be sent once more. @return int the time that is left, in milliseconds */
    private function afterPause(NoAnswerException $failure): int
    {
        $next = Core::orderFailed($this->handle, self::told($failure));
        usleep($next['pause_ms'] * 1000);
        return $next['timeout_ms'];
    }

    private function request(OrderBody $body, int $left, ?string $method = null): Request
    {
        $about = $this->about;
        return new Request(
            $method ?? $about['method'],
            $about['url'],
            // A GET brings nothing that could have a type.
            $method === null ? $about['headers'] : array_diff_key($about['headers'], ['Content-Type' => '']),
            $body,
            min($about['connect_timeout_ms'], $left),
            $left,
        );
    }

    /** @return array<string, string|bool> */
    private static function told(NoAnswerException $failure): array
    {
        return [
            'stage' => $failure->mayHaveArrived ? 'exchange' : 'connect',
            'timeout' => $failure->timedOut,
            'message' => $failure->words(),
        ];
    }

    private static function came(Transport $transport, Request $request): Response|NoAnswerException
    {
        try {
            return $transport->send($request);
        } catch (NoAnswerException $failure) {
            return self::whole($failure->cut) ?? $failure;
        } catch (WoSignDocException $failure) {
            return $request->body->failure() === null ? throw $failure : new NoAnswerException('', true);
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

    /** Says of a failure of a later try that an earlier one may have arrived. */
    private static function after(bool $again, WoSignDocException $failure): WoSignDocException
    {
        return $again ? WoSignDocException::from(['may_have_arrived' => true] + $failure->toArray()) : $failure;
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
