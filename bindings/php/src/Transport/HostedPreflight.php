<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Native\Core;

/**
 * Looks at what an order needs that a transport sends: the settings, and the way to the endpoint. The report has the form
 * of the core's own.
 *
 * @internal
 */
final class HostedPreflight
{
    /** What stands before a line, by level. */
    private const MARKS = ['ok' => ['ok      ', '正常 '], 'warning' => ['warning ', '警告 '], 'error' => ['ERROR   ', '错误 ']];

    /** The code of a client certificate that the platform does not know. */
    private const WRONG_CERTIFICATE = -80;

    /** @var list<array<string, mixed>> */
    private array $checks = [];

    private function __construct()
    {
    }

    /**
     * Returns what a client with a transport is.
     *
     * @return array<string, mixed>
     *
     * @throws WoSignDocException naming the setting that is wrong
     */
    public static function about(#[\SensitiveParameter] string $settings, Transport $transport): array
    {
        $url = HostedOrder::specimen($settings)->about['url'];
        return ['endpoint' => $url, 'transport' => $transport->name(), 'warnings' => []];
    }

    /**
     * Returns a report.
     *
     * @return array<string, mixed>
     *
     * @throws InvalidCallException when $timeoutMs is out of range
     * @throws FileException when open_basedir keeps PHP from the file
     */
    public static function report(#[\SensitiveParameter] string $settings, Transport $transport, int $timeoutMs): array
    {
        Core::mustAllowHosted($settings, $timeoutMs);
        $report = new self();
        try {
            $order = HostedOrder::specimen($settings, $timeoutMs);
            $url = $order->about['url'];
            $report->add('configuration', 'ok', "complete, for $url", "完整，用于 $url");
        } catch (WoSignDocException $error) {
            $report->bad('configuration', $error);
        }
        $name = $transport->name();
        $report->add(
            'transport',
            'ok',
            "orders are sent by $name, which has its own certificate, roots and proxy",
            "订单由 $name 发送，证书、信任根和代理均由其自行设置",
        );
        if (isset($order)) {
            $report->probe($order, $transport);
        }
        return $report->toArray();
    }

    private function probe(HostedOrder $order, Transport $transport): void
    {
        try {
            $answer = $order->probe($transport);
            $this->add('endpoint', 'ok', 'reached', '可连接');
            $this->answered($answer);
        } catch (NoAnswerException $failure) {
            $this->bad('endpoint', $order->ended($failure));
        }
    }

    private function answered(Response $answer): void
    {
        try {
            Core::answerRead($answer->status, $answer->body);
            $error = null;
        } catch (WoSignDocException $error) {
            // What is wrong with it is told below, if it is.
        }
        $status = $answer->status;
        // A server or a gateway that refuses before it looks at the method would treat an order no better.
        $refused = $status >= 500 || intdiv($status, 100) === 3
            || in_array($status, [401, 403, 407, 495, 496, 497], true);
        match (true) {
            $error !== null && ($error->errorCode === self::WRONG_CERTIFICATE || $refused) => $this->bad('platform', $error),
            $status === 405 => $this->add(
                'platform',
                'ok',
                'answers over this transport, and takes no GET, as the protocol says',
                '通过该传输方式应答，并按协议拒绝 GET',
            ),
            default => $this->add(
                'platform',
                'warning',
                "answers HTTP $status to a GET, where the protocol says 405",
                "对 GET 应答 HTTP {$status}，而协议规定为 405",
                "check that the endpoint is the platform's and not a proxy's",
                '请确认接口地址是平台而非代理',
            ),
        };
    }

    private function bad(string $check, WoSignDocException $error): void
    {
        $this->add($check, 'error', $error->getMessage(), $error->messageZh, $error->advice, $error->adviceZh);
    }

    private function add(
        string $check,
        string $level,
        string $message,
        string $messageZh,
        ?string $advice = null,
        ?string $adviceZh = null,
    ): void {
        $this->checks[] = [
            'check' => $check,
            'ok' => $level !== 'error',
            'level' => $level,
            'message' => $message,
            'message_zh' => $messageZh,
            'advice' => $advice,
            'advice_zh' => $adviceZh,
        ];
    }

    /** @return array<string, mixed> */
    private function toArray(): array
    {
        $lines = $linesZh = '';
        foreach ($this->checks as $one) {
            [$mark, $markZh] = self::MARKS[$one['level']];
            $lines .= "$mark{$one['check']}: {$one['message']}\n" . ($one['advice'] === null ? '' : "        -> {$one['advice']}\n");
            $linesZh .= "$markZh{$one['check']}：{$one['message_zh']}\n" . ($one['advice_zh'] === null ? '' : "     -> {$one['advice_zh']}\n");
        }
        return [
            'ok' => !in_array(false, array_column($this->checks, 'ok'), true),
            'checks' => $this->checks,
            'text' => $lines,
            'text_zh' => $linesZh,
        ];
    }
}
