<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

use WoSignDoc\ErrorKind;
use WoSignDoc\Host;
use WoSignDoc\Verification\VerificationReport;
use WoSignDoc\Violation;
use WoSignDoc\Warning;

/**
 * Every failure of this package; one subclass per kind. Nothing secret is ever in it: no password, token,
 * key, identity number or document. `getMessage()` is English, with code and field; `getCode()` is
 * {@see $errorCode}, or 0.
 */
abstract class WoSignDocException extends \RuntimeException
{
    /** The kind of failure. */
    public readonly ErrorKind $kind;
    /** A stable word for programs, such as `hash_mismatch`. */
    public readonly string $reason;
    /** The platform's code, such as -54, where there is one. */
    public readonly ?int $errorCode;
    /** Path of the field or setting at fault, such as `signerlist[1].userNo`. */
    public readonly ?string $field;
    /** The message in Chinese. */
    public readonly string $messageZh;
    /** What to do, in English. */
    public readonly string $advice;
    /** What to do, in Chinese. */
    public readonly string $adviceZh;
    /** Whether the same call, made again later, can succeed without a change. */
    public readonly bool $retry;
    /** Whether an order may have reached the platform although the call failed. */
    public readonly bool $mayHaveArrived;
    /** HTTP status of an answer that was not the protocol's. */
    public readonly ?int $httpStatus;
    /** Its first bytes, made printable. */
    public readonly ?string $bodyStart;
    /** The HTTP status that tells the pusher of this failure; 500 where the pusher has no part in it. */
    public readonly int $answerStatus;
    /** @var list<Warning> oddities that were found besides */
    public readonly array $warnings;
    /** @var array<mixed> the core's error document, without a report */
    private readonly array $document;
    /** What was found about the document that was refused. */
    protected readonly ?VerificationReport $verified;

    /**
     * @internal
     *
     * @param array<mixed> $document the core's error document
     */
    final public function __construct(#[\SensitiveParameter] array $document, ?\Throwable $previous = null)
    {
        // It names people: it is not among what is logged.
        $this->verified = isset($document['report']) ? new VerificationReport($document['report']) : null;
        unset($document['report']);
        $this->document = $document;
        $this->kind = ErrorKind::from($document['kind']);
        $this->reason = $document['reason'];
        $this->errorCode = $document['code'] ?? null;
        $this->field = $document['field'] ?? null;
        $this->messageZh = self::compose($document, 'message_zh');
        $this->advice = $document['advice'];
        $this->adviceZh = $document['advice_zh'];
        $this->retry = $document['retry'];
        $this->mayHaveArrived = $document['may_have_arrived'] ?? false;
        $this->httpStatus = $document['http_status'] ?? null;
        $this->bodyStart = $document['body_start'] ?? null;
        $this->answerStatus = $document['answer_status'] ?? 500;
        $this->warnings = Warning::listFrom($document);
        parent::__construct(self::compose($document, 'message'), $this->errorCode ?? 0, $previous);
    }

    /**
     * Returns the exception for an error document of the core.
     *
     * @internal
     *
     * @param array<mixed> $document
     */
    public static function from(#[\SensitiveParameter] array $document): self
    {
        return self::make(match (ErrorKind::from($document['kind'])) {
            ErrorKind::Argument => InvalidCallException::class,
            ErrorKind::InvalidOrder => InvalidOrderException::class,
            ErrorKind::Platform => PlatformException::class,
            ErrorKind::Transport => TransportException::class,
            ErrorKind::Tls => TlsException::class,
            ErrorKind::Timeout => CallTimeoutException::class,
            ErrorKind::Protocol => ProtocolException::class,
            ErrorKind::Integrity => IntegrityException::class,
            ErrorKind::Untrusted => UntrustedException::class,
            ErrorKind::Io => FileException::class,
            ErrorKind::Internal => InternalException::class,
            ErrorKind::NativeLibrary => NativeLibraryException::class,
        }, $document);
    }

    /**
     * Makes one whose trace holds no arguments: those of this package's calls are configurations, documents
     * and pointers, and a log that prints a trace must not print, or follow, these.
     *
     * @template T of self
     *
     * @param class-string<T> $class
     * @param array<mixed> $document
     *
     * @return T
     */
    private static function make(
        string $class,
        #[\SensitiveParameter] array $document,
        ?\Throwable $previous = null,
    ): self {
        $before = Host::set('zend.exception_ignore_args', '1');
        try {
            return new $class($document, $previous);
        } finally {
            if ($before !== false) {
                Host::set('zend.exception_ignore_args', $before);
            }
        }
    }

    /**
     * Returns the core's error document, for logs and for passing on; without a report, which names people.
     *
     * @return array<mixed>
     */
    public function toArray(): array
    {
        return $this->document;
    }

    /**
     * Returns the rules that an order breaks; none for every other kind.
     *
     * @return list<Violation>
     */
    public function violations(): array
    {
        return Violation::listFrom($this->document);
    }

    /**
     * Makes the exception for a failure that this package finds before the core is asked.
     *
     * @internal
     */
    protected static function own(
        ErrorKind $kind,
        string $reason,
        string $message,
        string $messageZh,
        string $advice,
        string $adviceZh,
        ?string $field = null,
        bool $mayHaveArrived = false,
        ?\Throwable $previous = null,
    ): static {
        return self::make(static::class, [
            'kind' => $kind->value,
            'reason' => $reason,
            'field' => $field,
            'message' => $message,
            'message_zh' => $messageZh,
            'advice' => $advice,
            'advice_zh' => $adviceZh,
            'retry' => false,
            'may_have_arrived' => $mayHaveArrived,
        ], $previous);
    }

    /** Puts code and field before the message, or all violations behind it. @param array<mixed> $document */
    private static function compose(array $document, string $name): string
    {
        [$colon, $semicolon] = $name === 'message' ? [': ', '; '] : ['：', '；'];
        $places = array_map(
            static fn (array $one): string => "{$one['field']} [{$one['code']}] {$one[$name]}",
            $document['violations'] ?? [],
        );
        if ($places !== []) {
            return $document[$name] . $colon . implode($semicolon, $places);
        }
        $code = isset($document['code']) ? "[{$document['code']}] " : '';
        $field = isset($document['field']) ? $document['field'] . $colon : '';
        return $code . $field . $document[$name];
    }
}
