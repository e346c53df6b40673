<?php

declare(strict_types=1);

namespace WoSignDoc\Push;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Verification\VerificationReport;
use WoSignDoc\Verification\Verifier;
use WoSignDoc\Verification\VerifyOptions;

/** A push that arrived whole and whose document matches its hash; or the news that an order failed. */
final class ReceivedPush
{
    /** Seconds after which the claim is renewed when the push is used. */
    private const RENEW_AFTER = 10;

    /** The platform's id of the order. */
    public readonly ?string $signid;
    /** The caller's own number of the contract. */
    public readonly ?string $orderNumber;
    /** @var list<int> why the order failed; empty when it is signed */
    public readonly array $errorCodes;
    /** The reason as it was given, when some of it is no code; else null. */
    public readonly ?string $unreadErrorCode;
    /** @var list<PlatformError> why the order failed, in words */
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
    private readonly ?VerificationReport $report;
    private bool $moved = false;
    private bool $hidden = false;
    /** @var ?\WeakMap<self, \Closure(): bool> not in the objects: a site may serialize one, for a queue */
    private static ?\WeakMap $renewals = null;
    /** @var ?\WeakMap<self, int> when the claim began, in seconds since 1970 */
    private static ?\WeakMap $renewed = null;

    /**
     * @internal
     *
     * @param array<mixed> $document
     */
    public function __construct(
        #[\SensitiveParameter] array $document,
        private readonly ?string $bytes = null,
        private ?string $path = null,
    ) {
        $this->signed = $document['status'] === 1;
        $this->signid = $document['signid'] ?? null;
        $this->orderNumber = $document['ordernumber'] ?? null;
        $this->errorCodes = $document['errorcodes'] ?? [];
        $this->unreadErrorCode = $document['unread_errorcode'] ?? null;
        $this->errors = array_map(PlatformError::from(...), $document['errors'] ?? []);
        $this->sha256 = $document['sha256'] ?? null;
        $this->length = $document['length'] ?? 0;
        $this->hashAlgorithm = $document['hash']['algorithm'] ?? null;
        $this->hashEncoding = $document['hash']['encoding'] ?? null;
        $this->alreadyStored = $document['already_stored'] ?? false;
        $this->deliveryKey = $document['delivery_key'];
        $this->acknowledgement = $document['acknowledgement'];
        $this->report = isset($document['report']) ? new VerificationReport($document['report']) : null;
    }

    /**
     * Returns what was found when the document was verified ({@see PushOptions::$verify}): it is valid, else the push
     * would have been refused. Null: that was not asked, or the order failed.
     */
    public function report(): ?VerificationReport
    {
        return $this->report;
    }

    /**
     * Verifies the document, such as with the order to which it belongs and the file that was sent: an endpoint knows neither.
     *
     * @throws WoSignDocException when the options are wrong, naming the setting, or a file cannot be read
     * @throws \LogicException when the order failed: there is none
     */
    public function verify(#[\SensitiveParameter] VerifyOptions $options): VerificationReport
    {
        return (new Verifier($options))->verify($this);
    }

    /** Says whether the order failed: there is no document then, and {@see $errorCodes} says why. */
    public function failed(): bool
    {
        return !$this->signed;
    }

    /**
     * Returns the file that holds the document. In an endpoint's function there always is one, until the function has
     * returned; null: the document is in memory ({@see document()} has it there too), or the order failed.
     */
    public function path(): ?string
    {
        return $this->path;
    }

    /**
     * Returns the signed document's bytes, wherever it is: in memory, or in a file, which is read each time. This is
     * what goes into a column of a database. A large one needs as much memory as it is long: {@see stream()} does not.
     *
     * @throws FileException when its file cannot be read whole, or is gone, as after an endpoint's function
     * @throws \LogicException when the order failed: there is none
     */
    public function document(): string
    {
        $this->mustBeSigned();
        $this->keepClaim();
        if ($this->path === null) {
            return (string) $this->bytes;
        }
        $bytes = is_file($this->path) ? @file_get_contents($this->path) : false;
        return $bytes !== false && strlen($bytes) === $this->length ? $bytes : throw SafeFile::gone($this->path);
    }

    /**
     * Opens the signed document for reading, such as for a column that PDO::PARAM_LOB fills.
     *
     * @return resource to be closed by the caller
     *
     * @throws FileException when its file cannot be read, or is gone, as after an endpoint's function
     * @throws \LogicException when the order failed: there is none
     */
    public function stream()
    {
        $this->mustBeSigned();
        $this->keepClaim();
        $stream = match (true) {
            $this->path === null => self::inMemory((string) $this->bytes),
            is_file($this->path) => @fopen($this->path, 'rb'),
            default => false,
        };
        return $stream !== false ? $stream : throw SafeFile::gone((string) $this->path);
    }

    /** @return resource|false */
    private static function inMemory(#[\SensitiveParameter] string $bytes)
    {
        $stream = fopen('php://memory', 'w+b');
        if ($stream !== false) {
            fwrite($stream, $bytes);
            rewind($stream);
        }
        return $stream;
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
        $this->keepClaim();
        if ($this->path === null) {
            SafeFile::write($target, (string) $this->bytes);
            return;
        }
        if ($this->moved) {
            SafeFile::copy($this->path, $target);
        } else {
            SafeFile::move($this->path, $target);
            $this->show($target);
        }
        $this->moved = true;
        $this->path = $target;
    }

    /**
     * Lets the claim on this push begin now, so that a site's function may take longer than the delivery store's
     * claims hold: no other request is granted the push meanwhile. {@see document()}, {@see stream()} and
     * {@see saveAs()} do so by themselves; a function that is at other work for long calls it on the way.
     *
     * @return bool false: the claim has been taken over already; true also without a store, where there is none
     */
    public function renewClaim(): bool
    {
        $renew = self::$renewals[$this] ?? null;
        if ($renew === null) {
            return true;
        }
        self::$renewed[$this] = time();
        return $renew();
    }

    /** Says how a claim is renewed. @internal @param \Closure(): bool $renew */
    public function renewBy(\Closure $renew): void
    {
        self::$renewals ??= new \WeakMap();
        self::$renewed ??= new \WeakMap();
        self::$renewals[$this] = $renew;
        self::$renewed[$this] = time();
    }

    /** Says that the file is hidden from other users of the machine, until it gets its place. @internal */
    public function hidden(): void
    {
        $this->hidden = true;
    }

    /**
     * Gives the file the permissions of every new one, now that it is where it stays. On Windows it has them: it is a
     * copy, made there.
     */
    private function show(string $target): void
    {
        if ($this->hidden && PHP_OS_FAMILY !== 'Windows') {
            $this->hidden = false;
            @chmod($target, 0666 & ~(function_exists('umask') ? umask() : 0022));
        }
    }

    /** Renews the claim when some time has passed; what fails then shows when the push is completed. */
    private function keepClaim(): void
    {
        $last = self::$renewed[$this] ?? null;
        if ($last === null || abs(time() - $last) < self::RENEW_AFTER) {
            return;
        }
        try {
            $this->renewClaim();
        } catch (\Throwable) {
            // As within a transaction of the site's on the same connection.
        }
    }

    private function mustBeSigned(): void
    {
        if (!$this->signed) {
            throw new \LogicException(
                'the order failed: there is no document; ask failed() first (订单失败，没有文档；请先检查 failed())'
            );
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
