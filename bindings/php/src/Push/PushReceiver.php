<?php

declare(strict_types=1);

namespace WoSignDoc\Push;

use FFI\CData;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Host;
use WoSignDoc\Native\Core;
use WoSignDoc\Native\Json;
use WoSignDoc\ScriptEnd;
use WoSignDoc\StreamReader;

/**
 * Receives a pushed document and checks that it arrived whole and matches its hash. Static calls take a
 * whole body or a stream; an object takes a body piece by piece, in constant memory.
 *
 * A site's callback URL is better served by {@see \WoSignDoc\Endpoint\PushEndpoint}, which also answers.
 */
final class PushReceiver
{
    private ?CData $handle;
    private readonly int $owner;
    private readonly int $ending;

    /**
     * @param ?string $path the file that gets the document once it is verified; null: it is kept in memory
     *
     * @throws WoSignDocException when the options are wrong or the file's folder cannot be written
     */
    public function __construct(private readonly ?string $path = null, ?PushOptions $options = null)
    {
        FileName::mustBeUsable($path);
        $this->owner = Host::pid();
        $handle = Core::pushOpen(Json::encode(($options ?? new PushOptions())->toArray($path)));
        $this->handle = $handle;
        $this->ending = ScriptEnd::insteadOfDestructor(static fn () => Core::pushAbandon($handle));
    }

    /**
     * Receives a whole body.
     *
     * @param ?string $path the file that gets the document; null: it is kept in memory
     *
     * @throws WoSignDocException when it is not a push, is cut short, does not match its hash, or is not proven
     *     by its signatures ({@see PushOptions::$verify})
     */
    public static function receive(
        #[\SensitiveParameter] string $body,
        ?string $path = null,
        ?PushOptions $options = null,
    ): ReceivedPush {
        FileName::mustBeUsable($path);
        $json = Json::encode(($options ?? new PushOptions())->toArray($path));
        [$document, $bytes] = Core::pushReceive($body, $json);
        return new ReceivedPush($document, $bytes, $document['path'] ?? null);
    }

    /**
     * Receives a stream to its end, into a file, in constant memory.
     *
     * @param resource $stream such as `fopen('php://input', 'rb')`
     *
     * @throws WoSignDocException when it is not a push, is cut short, does not match its hash, or is not proven
     *     by its signatures ({@see PushOptions::$verify})
     */
    public static function receiveStream($stream, string $path, ?PushOptions $options = null): ReceivedPush
    {
        StreamReader::mustBeOpen($stream, 'PushReceiver::receiveStream()');
        $receiver = new self($path, $options);
        for ($fed = false; ($piece = StreamReader::next($stream)) !== ''; $fed = true) {
            $receiver->feed($piece);
        }
        if (!$fed) {
            StreamReader::mustNotHaveBeenRead($stream);
        }
        return $receiver->finish();
    }

    /**
     * Takes the next piece of the body.
     *
     * @throws WoSignDocException as soon as it cannot be a good push any more; the receiver is then spent
     */
    public function feed(#[\SensitiveParameter] string $piece): void
    {
        Core::pushFeed($this->handle(), $piece);
    }

    /**
     * Verifies the push when its body is over. With a path, the document is on disk under that name when it returns.
     *
     * @throws WoSignDocException when it is not a push, is cut short, does not match its hash, or is not proven
     *     by its signatures ({@see PushOptions::$verify})
     */
    public function finish(): ReceivedPush
    {
        try {
            [$document, $bytes] = Core::pushFinish($this->handle());
        } finally {
            $this->abandon();
        }
        return new ReceivedPush($document, $bytes, $document['path'] ?? null);
    }

    /** Gives up: nothing of an unfinished document stays behind. */
    public function abandon(): void
    {
        if ($this->handle !== null) {
            ScriptEnd::forget($this->ending);
            // A forked child must not remove its parent's temporary file.
            if ($this->owner === Host::pid()) {
                Core::pushAbandon($this->handle);
            }
            $this->handle = null;
        }
    }

    private function handle(): CData
    {
        return $this->handle ?? throw new \LogicException('this receiver has ended already: open a new one for each push');
    }

    private function __clone()
    {
    }

    public function __destruct()
    {
        if (isset($this->handle)) {
            $this->abandon();
        }
    }
}
