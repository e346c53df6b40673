<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\Push\ReceivedPush;

/** What was pushed to the sandbox's inbox, and what was answered. */
final class InboxEntry
{
    /** Its number, counted from 1. */
    public readonly int $id;
    /** When it came, by the platform's clock. */
    public readonly \DateTimeImmutable $at;
    /** The site's own number of the order; null: the push is not right. */
    public readonly ?string $orderNumber;
    /** The platform's id of the order; null: the push is not right. */
    public readonly ?string $signid;
    /** The length of its body in bytes. */
    public readonly int $length;
    /** Why it is not right, as the library says. */
    public readonly ?string $error;
    /** The status that was answered. */
    public readonly int $status;
    /** The answer. */
    public readonly string $answer;

    /** @internal @param array<string, mixed> $told */
    public function __construct(array $told, private readonly ControlApi $control)
    {
        $this->id = $told['id'];
        $this->at = new \DateTimeImmutable($told['at']);
        $this->orderNumber = $told['order_number'] ?? null;
        $this->signid = $told['signid'] ?? null;
        $this->length = $told['bytes'];
        $this->error = $told['error'] ?? null;
        $this->status = $told['status'];
        $this->answer = $told['answer'];
    }

    /** Returns its body, byte for byte as it came. */
    public function body(): string
    {
        return $this->control->bytes('GET', "inbox/$this->id");
    }

    /**
     * Receives it as the site does.
     *
     * @throws WoSignDocException when it is not right, or, with {@see PushOptions::$verify}, not proven
     */
    public function receive(?PushOptions $options = null): ReceivedPush
    {
        return PushReceiver::receive($this->body(), options: $options);
    }
}
