<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/**
 * Calls of the sandbox's control API, which its `/openapi.json` describes.
 *
 * @internal
 */
final class ControlApi
{
    /** How many seconds a call may take that waits for nothing. */
    private const PATIENCE = 30.0;

    /** @param string $address such as `http://127.0.0.1:4711/` */
    public function __construct(private readonly string $address, private readonly Program $program)
    {
    }

    /**
     * Calls, and returns what the answer's JSON holds; null where the answer is empty.
     *
     * @param ?array<string, mixed> $body sent as JSON, without what is null
     *
     * @throws SandboxException with the API's own words when it refuses
     */
    public function call(string $method, string $path, ?array $body = null, float $patience = self::PATIENCE): mixed
    {
        $answer = $this->bytes($method, $path, $body, $patience);
        return $answer === '' ? null : json_decode($answer, true, 64, JSON_THROW_ON_ERROR);
    }

    /**
     * Calls, and returns the answer byte for byte.
     *
     * @param ?array<string, mixed> $body sent as JSON, without what is null
     *
     * @throws SandboxException with the API's own words when it refuses
     */
    public function bytes(string $method, string $path, ?array $body = null, float $patience = self::PATIENCE): string
    {
        [$status, $answer] = $this->exchange($method, $path, $body, $patience);
        return $status < 300 ? $answer : throw $this->refused(SandboxFailedException::class, $status, $answer);
    }

    /**
     * Makes a call that answers when something has happened, and returns what its JSON holds.
     *
     * @param ?array<string, mixed> $body sent as JSON, without what is null
     * @param float $timeout how many seconds that may take
     *
     * @throws SandboxTimeoutException when it has not happened in time, or cannot any longer
     * @throws SandboxException with the API's own words when it refuses
     */
    public function await(string $method, string $path, ?array $body, float $timeout): array
    {
        [$status, $answer] = $this->exchange($method, $path, $body, $timeout + self::PATIENCE);
        return match ($status) {
            200 => json_decode($answer, true, 64, JSON_THROW_ON_ERROR),
            408, 409 => throw $this->refused(SandboxTimeoutException::class, $status, $answer),
            default => throw $this->refused(SandboxFailedException::class, $status, $answer),
        };
    }

    /**
     * @template T of SandboxException
     *
     * @param class-string<T> $class
     *
     * @return T
     */
    private function refused(string $class, int $status, string $answer): SandboxException
    {
        $failure = json_decode($answer, true);
        return new $class($failure['message'] ?? $answer, $failure['message_zh'] ?? "HTTP $status");
    }

    /**
     * Calls, and returns status and answer, whatever they are.
     *
     * @param ?array<string, mixed> $body sent as JSON, without what is null
     *
     * @return array{int, string}
     *
     * @throws SandboxException when nothing answers
     */
    private function exchange(string $method, string $path, ?array $body = null, float $patience = self::PATIENCE): array
    {
        $stream = $this->open($method, $path, [
            'timeout' => $patience,
            'header' => "Content-Type: application/json\r\nConnection: close",
            'content' => $body === null ? '' : self::json($body),
        ]);
        [$answer, $about] = [stream_get_contents($stream), stream_get_meta_data($stream)];
        fclose($stream);
        $status = (int) (explode(' ', (string) ($about['wrapper_data'][0] ?? ''))[1] ?? 0);
        return $about['timed_out'] || $answer === false || $status === 0 ? throw $this->silent($method, $path) : [$status, $answer];
    }

    /** @param array<string, mixed> $body */
    private static function json(array $body): string
    {
        $given = static fn (mixed $value): bool => $value !== null;
        try {
            return json_encode((object) array_filter($body, $given), JSON_THROW_ON_ERROR);
        } catch (\JsonException $why) {
            throw new SandboxFailedException(
                "the sandbox cannot be told this: {$why->getMessage()}; text is UTF-8, and a number finite",
                "无法传给沙箱：{$why->getMessage()}；文本须为 UTF-8，数字须为有限值",
            );
        }
    }

    /**
     * @param array<string, mixed> $request
     *
     * @return resource
     */
    private function open(string $method, string $path, array $request)
    {
        $http = ['method' => $method, 'ignore_errors' => true, 'follow_location' => 0, 'protocol_version' => 1.1];
        $context = stream_context_create(['http' => $http + $request]);
        $stream = @fopen($this->address . $path, 'rb', false, $context);
        return $stream !== false ? $stream : throw $this->silent($method, $path);
    }

    private function silent(string $method, string $path): SandboxException
    {
        if (!ini_get('allow_url_fopen')) {
            return new SandboxFailedException(
                'the sandbox is asked over HTTP, which allow_url_fopen=Off in php.ini forbids: run tests with -d allow_url_fopen=1',
                '访问沙箱需要 HTTP，而 php.ini 中的 allow_url_fopen=Off 禁止这样做：运行测试时请加 -d allow_url_fopen=1',
            );
        }
        [$state, $stateZh] = $this->program->isRunning() ? ['it runs, though', '但程序仍在运行'] : ['it has ended', '程序已经结束'];
        return new SandboxFailedException(
            "the sandbox does not answer to $method /$path ($state); the end of its log:",
            "沙箱对 {$method} /{$path} 没有应答（{$stateZh}）；其日志的末尾：",
            $this->program->endOfLog(),
        );
    }
}
