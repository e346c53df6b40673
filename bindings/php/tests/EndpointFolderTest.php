<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Delivery\FileDeliveryStore;
use WoSignDoc\Delivery\PdoDeliveryStore;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Exception\FileException;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\Tests\Support\Endpoints;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Pushes;

/** The folder in which an endpoint receives documents. Covers P-30. */
final class EndpointFolderTest extends TestCase
{
    use Endpoints;

    public function testAFolderThatCannotBeWritten(): void
    {
        foreach ([
            static fn () => new PushEndpoint(static fn () => null, '/dev/null/nowhere'),
            static fn () => new FileDeliveryStore('/dev/null/nowhere'),
        ] as $open) {
            try {
                $open();
                self::fail('a folder that cannot be made was taken');
            } catch (FileException $error) {
                self::assertSame(['file_unwritable', 'folder'], [$error->reason, $error->field]);
                self::assertStringContainsString('/dev/null/nowhere', $error->getMessage());
            }
        }
    }

    /** Covers P-30: folders that are missing are made, for this user alone, and a readiness check says what is wrong. */
    public function testFoldersThatAreMissing(): void
    {
        $spool = Folder::make() . '/a/b';
        $store = Folder::make() . '/c/d';
        $before = umask(0);
        $endpoint = new PushEndpoint($this->keep(), $spool, new FileDeliveryStore($store), $this->log);
        umask($before);
        foreach ([$spool, dirname($spool), $store, dirname($store)] as $folder) {
            self::assertSame(0700, fileperms($folder) & 0777, $folder);
        }
        $endpoint->check();
        self::assertSame([], Folder::names($spool));
        self::assertSame(200, $this->push($endpoint, Pushes::signed())->status);
        Folder::remove($spool);
        touch($spool);
        $this->assertRefused(500, 'file_unwritable', $this->push($endpoint, Pushes::signed('b')));
        $this->expectException(FileException::class);
        $this->expectExceptionMessage($spool);
        $endpoint->check();
    }

    /** What a check that was killed has left, the next one removes. */
    public function testTheReadinessCheckLeavesNothingInTheStore(): void
    {
        $pdo = new \PDO('sqlite::memory:');
        $store = new PdoDeliveryStore($pdo);
        $store->createTable();
        $store->claim(str_repeat('0', 64), str_repeat('0', 32));
        $this->endpoint($this->keep(), $store)->check();
        self::assertSame(0, (int) $pdo->query('SELECT COUNT(*) FROM wosigndoc_delivery')->fetchColumn());
    }

    /** A push that is being received keeps its file, however long it takes; what no process has locked is left for an hour. */
    public function testOnlyWhatNobodyHasLockedGoes(): void
    {
        $hour = time() - 3700;
        $names = array_map(fn (string $one): string => "$this->folder/push-" . str_repeat($one, 24), ['a', 'b', 'c']);
        [$locked, $unlocked, $forsaken] = $names;
        $lock = fopen("$locked.lock", 'x');
        flock($lock, LOCK_EX);
        touch("$forsaken.lock");
        foreach ($names as $name) {
            touch("$name.pdf", $hour);
        }
        touch("$locked.lock", $hour);
        $this->endpoint($this->keep())->check();
        self::assertSame(["$locked.lock", "$locked.pdf"], glob("$this->folder/push-*"));
        fclose($lock);
    }

    public function testTheReadinessCheckAsksTheStore(): void
    {
        $this->expectException(\PDOException::class);
        $this->endpoint($this->keep(), new PdoDeliveryStore(new \PDO('sqlite::memory:')))->check();
    }

    /** Received documents are nobody else's to read, whoever made the folder; stored ones are as every new file. */
    public function testOnlyThisUserReadsWhatIsReceived(): void
    {
        chmod($this->folder, 0777);
        $target = Folder::make() . '/signed.pdf';
        $before = umask(0022);
        $modes = [];
        $answer = $this->push($this->endpoint(function (ReceivedPush $push) use ($target, &$modes): void {
            foreach (Folder::names($this->folder) as $name) {
                $modes[] = fileperms("$this->folder/$name") & 0777;
            }
            $push->saveAs($target);
        }), Pushes::signed());
        umask($before);
        self::assertSame(200, $answer->status, $this->log->text());
        self::assertSame([0600, 0600], $modes);
        self::assertSame(0644, fileperms($target) & 0777);
    }

    /** Covers P-30: the endpoint's document is in a file, and its bytes are had all the same, as for a database. */
    public function testTheBytesAreThereWhereverTheDocumentIs(): void
    {
        $pdo = new \PDO('sqlite:' . Folder::make() . '/site.db', null, null, [\PDO::ATTR_ERRMODE => \PDO::ERRMODE_EXCEPTION]);
        $pdo->exec('CREATE TABLE document (number TEXT, content BLOB)');
        $kept = null;
        $function = static function (ReceivedPush $push) use ($pdo, &$kept): void {
            self::assertNotNull($push->path());
            foreach (['document', 'stream'] as $way) {
                $insert = $pdo->prepare('INSERT INTO document VALUES (?, ?)');
                $insert->bindValue(1, $way);
                $insert->bindValue(2, $push->$way(), \PDO::PARAM_LOB);
                $insert->execute();
            }
            $kept = $push;
        };
        self::assertSame(200, $this->push($this->endpoint($function), Pushes::signed('%PDF-whole'))->status);
        $rows = $pdo->query('SELECT number, content FROM document')->fetchAll(\PDO::FETCH_KEY_PAIR);
        self::assertSame(['document' => '%PDF-whole', 'stream' => '%PDF-whole'], $rows);
        foreach (['document', 'stream'] as $way) {
            try {
                $kept->$way();
                self::fail('a document that is gone was given');
            } catch (FileException $error) {
                self::assertSame('document_gone', $error->reason);
                self::assertStringContainsString('in the function', $error->advice);
            }
        }
        $memory = PushReceiver::receive(Pushes::signed('%PDF-memory'));
        self::assertSame('%PDF-memory', $memory->document());
        self::assertSame('%PDF-memory', stream_get_contents($memory->stream()));
        // Cut by somebody else: not the document.
        $file = Folder::make() . '/a.pdf';
        $cut = PushReceiver::receive(Pushes::signed('%PDF-memory'), $file);
        file_put_contents($file, '%PDF');
        $this->expectException(FileException::class);
        $cut->document();
    }

    /** A process that was killed leaves its documents: the next push takes them away, but not those of others. */
    public function testWhatAKilledProcessLeft(): void
    {
        $killed = pcntl_fork();
        if ($killed === 0) {
            $this->push($this->endpoint(static fn () => posix_kill((int) getmypid(), SIGKILL)), Pushes::signed('killed'));
        }
        pcntl_waitpid($killed, $status);
        self::assertTrue(pcntl_wifsignaled($status));
        self::assertCount(1, (array) glob("$this->folder/*.pdf"));
        // As of a process that was killed while the core still wrote.
        $lock = basename(glob("$this->folder/*.lock")[0], '.lock');
        touch("$this->folder/.$lock.pdfAbCdEf.part");
        touch("$this->folder/push-of-the-site.pdf");
        $endpoint = $this->endpoint(function (): void {
            self::assertCount(2, (array) glob("$this->folder/push-*.pdf"));
            $inner = $this->endpoint(function (): void {
                self::assertCount(3, (array) glob("$this->folder/push-*.pdf"), 'the outer one is at work');
            });
            self::assertSame(200, $this->push($inner, Pushes::signed('inner'))->status);
        });
        self::assertSame(200, $this->push($endpoint, Pushes::signed('next'))->status, $this->log->text());
        self::assertSame(['push-of-the-site.pdf'], Folder::names($this->folder));
    }

    /** A process that lives long looks for what others left when it begins, and not again with each push. */
    public function testLooksForLeftoversOnce(): void
    {
        $left = 'push-' . str_repeat('0', 24);
        $endpoint = $this->endpoint($this->keep());
        self::assertSame(200, $this->push($endpoint, Pushes::signed('first'))->status);
        touch("$this->folder/$left.lock");
        touch("$this->folder/$left.pdf");
        self::assertSame(200, $this->push($endpoint, Pushes::signed('second'))->status);
        self::assertSame(["$left.lock", "$left.pdf"], Folder::names($this->folder));
        $this->endpoint($this->keep())->check();
        self::assertSame([], Folder::names($this->folder));
    }
}
