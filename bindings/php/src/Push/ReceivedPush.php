<?php

declare(strict_types=1);

namespace WoSignDoc\Push;

use WoSignDoc\Exception\FileException;

/** A push that arrived whole and whose document matches its hash; or the news that an order failed. */
final class ReceivedPush
{
    /** The platform's id of the order. */
    public readonly ?string $signid;
    /** The caller's own number of the contract. */
    public readonly ?string $orderNumber;
    /** @var list<int> why the order failed; empty when it is signed */
    public readonly array $errorCodes;
    /** The reason as it was given, when some of it is no code; else null. */
    public readonly ?string $unreadErrorCode;
    /** @var list<array<string, mixed>> the codes with their texts: code, message, message_zh, advice, … */
    public readonly array $errors;
    /** SHA-256 of the document in lower-case hex; null when the order failed. */
    public readonly ?string $sha256;
    /** Bytes of the document. */
    public readonly int $length;
    /** Which hash the platform sent: `sha256`, `sha384` or `sha512`. */
    public readonly ?string $hashAlgorithm;
    /** How that hash was written: `hex` or `base64`. */
    public readonly ?string $hashEncoding;
    /** Whether the file held this very document already, and was left as it was ({@see PushOptions::$overwrite}). */
    public readonly bool $alreadyStored;
    /**
     * The name under which to remember that this push was processed: the same whenever the same document, or
     * failure, of an order comes again. 64 hex digits; null for a push that names no order.
     */
    public readonly ?string $deliveryKey;
    /** What the platform wants to read as its acknowledgement. */
    public readonly string $acknowledgement;

    private readonly bool $signed;
    private bool $moved = false;
    /** @var ?\WeakMap<self, \Closure(): bool> not in the objects: a site may serialize one, for a queue */
    private static ?\WeakMap $renewals = null;

    /**
     * @internal
     *
     * @param array<mixed> $document
     */
    public function __construct(
        array $document,
        private readonly ?string $bytes = null,
        private ?string $path = null,
    ) {
        $this->signed = $document['status'] === 1;
        $this->signid = $document['signid'] ?? null;
        $this->orderNumber = $document['ordernumber'] ?? null;
        $this->errorCodes = $document['errorcodes'] ?? [];
        $this->unreadErrorCode = $document['unread_errorcode'] ?? null;
        $this->errors = $document['errors'] ?? [];
        $this->sha256 = $document['sha256'] ?? null;
        $this->length = $document['length'] ?? 0;
        $this->hashAlgorithm = $document['hash']['algorithm'] ?? null;
        $this->hashEncoding = $document['hash']['encoding'] ?? null;
        $this->alreadyStored = $document['already_stored'] ?? false;
        $this->deliveryKey = $document['delivery_key'];
        $this->acknowledgement = $document['acknowledgement'];
    }

    /** Says whether the order failed: there is no document then, and {@see $errorCodes} says why. */
    public function failed(): bool
    {
        return !$this->signed;
    }

    /** Returns the file that holds the document; null when it is in memory, or there is none. */
    public function path(): ?string
    {
        return $this->path;
    }

    /**
     * Returns the signed document's bytes.
     *
     * @throws FileException when its file cannot be read
     * @throws \LogicException when the order failed: there is none
     */
    public function bytes(): string
    {
        $this->mustBeSigned();
        if ($this->path === null) {
            return (string) $this->bytes;
        }
        $bytes = @file_get_contents($this->path);
        return $bytes !== false ? $bytes : throw FileException::of(
            'file_unreadable',
            "the received document cannot be read: {$this->path}",
            "无法读取已接收的文档：{$this->path}",
        );
    }

    /**
     * Stores the document under this name, safely: whole or not at all, and on disk when it returns. A file
     * of that name is replaced. The first call moves the received file; a further one makes a copy.
     *
     * @throws FileException when that fails; the document is then where it was
     * @throws \LogicException when the order failed: there is none
     */
    public function saveAs(string $target): void
    {
        $this->mustBeSigned();
        if ($this->path === null) {
            SafeFile::write($target, (string) $this->bytes);
            return;
        }
        if ($this->moved) {
            SafeFile::copy($this->path, $target);
        } else {
            SafeFile::move($this->path, $target);
        }
        $this->moved = true;
        $this->path = $target;
    }

    /**
     * Lets the claim on this push begin now, so that a site's function may take longer than the delivery store's
     * claims hold: no other request is granted the push meanwhile.
     *
     * @return bool false: the claim has been taken over already; true also without a store, where there is none
     */
    public function renewClaim(): bool
    {
        $renew = self::$renewals[$this] ?? null;
        return $renew === null || $renew();
    }

    /** Says how a claim is renewed. @internal @param \Closure(): bool $renew */
    public function renewBy(\Closure $renew): void
    {
        self::$renewals ??= new \WeakMap();
        self::$renewals[$this] = $renew;
    }

    private function mustBeSigned(): void
    {
        if (!$this->signed) {
            throw new \LogicException('the order failed: there is no document');
        }
    }

    /** Keeps the document out of dumps. @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return [
            'signid' => $this->signid,
            'orderNumber' => $this->orderNumber,
            'errorCodes' => $this->errorCodes,
            'unreadErrorCode' => $this->unreadErrorCode,
            'sha256' => $this->sha256,
            'length' => $this->length,
            'path' => $this->path,
        ];
    }
}
