<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

use PHPUnit\Framework\Attributes\After;
use PHPUnit\Framework\Attributes\AfterClass;

/**
 * For a PHPUnit test that needs a platform: `$this->sandbox()` starts it when it is first asked for. All tests of a class share
 * one, which is reset before each of them; or each has its own. A test that fails prints the sandbox's journal and log.
 */
trait UsesWoSignDocSandbox
{
    private static ?WoSignDocSandbox $wosigndocSandbox = null;
    /** Where this test's part of the log begins; null: it has not used the sandbox. */
    private ?int $wosigndocLogFrom = null;

    /** Returns the sandbox. */
    protected function sandbox(): WoSignDocSandbox
    {
        if (self::$wosigndocSandbox?->isRunning() !== true) {
            self::$wosigndocSandbox = WoSignDocSandbox::start($this->sandboxOptions());
            $this->wosigndocLogFrom = 0;
        } elseif ($this->wosigndocLogFrom === null) {
            $this->wosigndocLogFrom = strlen(self::$wosigndocSandbox->log());
            self::$wosigndocSandbox->reset();
        }
        return self::$wosigndocSandbox;
    }

    /** Says how it is started: override it for other options. */
    protected function sandboxOptions(): SandboxOptions
    {
        return new SandboxOptions();
    }

    /** Says whether each test has a sandbox of its own: override it where a reset is not enough. */
    protected function sandboxPerTest(): bool
    {
        return false;
    }

    /**
     * Prints what a failed test's sandbox has to say.
     *
     * @internal
     *
     * @after
     */
    #[After]
    public function endTestWithWoSignDocSandbox(): void
    {
        $sandbox = self::$wosigndocSandbox;
        if ($sandbox === null || $this->wosigndocLogFrom === null) {
            return;
        }
        if ($this->hasFailedWithWoSignDocSandbox()) {
            $journal = $sandbox->isRunning() ? implode("\n", $sandbox->journal()) : '(it has ended)';
            $log = rtrim(substr($sandbox->log(), $this->wosigndocLogFrom));
            $of = static::class . '::' . (method_exists($this, 'nameWithDataSet') ? $this->nameWithDataSet() : $this->getName());
            echo "\nWoSignDoc sandbox of $of\n-- journal --\n$journal\n-- log --\n$log\n";
        }
        if ($this->sandboxPerTest()) {
            self::endWoSignDocSandbox();
        }
    }

    /**
     * Ends the sandbox of the class.
     *
     * @internal
     *
     * @afterClass
     */
    #[AfterClass]
    public static function endWoSignDocSandbox(): void
    {
        self::$wosigndocSandbox?->close();
        self::$wosigndocSandbox = null;
    }

    /** PHPUnit 9 says it otherwise than later ones. */
    private function hasFailedWithWoSignDocSandbox(): bool
    {
        if (!method_exists($this, 'status')) {
            return $this->hasFailed();
        }
        return $this->status()->isFailure() || $this->status()->isError();
    }
}
