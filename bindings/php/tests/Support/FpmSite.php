<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

/** A real site: php-fpm behind nginx on a free loopback port, serving scripts of the tests. */
final class FpmSite
{
    public readonly int $port;
    public readonly string $folder;
    private readonly Process $fpm;
    private readonly Process $nginx;

    /**
     * @param array<string, string> $ini settings of PHP
     * @param array<string, string> $parameters what the scripts find in $_SERVER
     * @param ?string $scripts their folder; null: tests/site
     * @param string $servers further servers for nginx
     */
    public function __construct(
        array $ini,
        array $parameters = [],
        int $workers = 8,
        ?string $scripts = null,
        string $servers = '',
    ) {
        $this->folder = Folder::make();
        $this->port = Process::freePort();
        foreach (['spool', 'signed', 'deliveries', 'temp'] as $name) {
            mkdir("$this->folder/$name");
        }
        $root = posix_geteuid() === 0;
        file_put_contents("$this->folder/fpm.conf", self::fpm($this->folder, $root, $workers));
        file_put_contents("$this->folder/nginx.conf", self::nginx($this->folder, $this->port, $root, $parameters, $scripts ?? dirname(__DIR__) . '/site', $servers));
        $this->fpm = new Process(self::command($root, "$this->folder/fpm.conf", $ini), "$this->folder/fpm.log");
        Process::await(fn (): bool => file_exists("$this->folder/fpm.sock"), 'php-fpm: ' . $this->folder);
        $this->nginx = new Process(
            ['nginx', '-p', $this->folder, '-c', "$this->folder/nginx.conf", '-e', "$this->folder/nginx.log"],
            "$this->folder/nginx.log",
        );
        Process::awaitPort($this->port, "$this->folder/nginx.log");
    }

    public function url(string $script): string
    {
        return "http://127.0.0.1:$this->port/$script";
    }

    /** What PHP wrote to its error log. */
    public function log(): string
    {
        return (string) @file_get_contents("$this->folder/fpm.log") . @file_get_contents("$this->folder/php.log");
    }

    /**
     * Asks the site.
     *
     * @param list<string> $headers
     *
     * @return array{int, string} status and body
     */
    public function ask(string $script, ?string $body = null, array $headers = []): array
    {
        return self::together([[$this->url($script), $body]], 1, $headers)[0];
    }

    /**
     * Asks many times, so many at once.
     *
     * @param list<array{string, ?string}> $requests URL, and the body where it is a POST
     * @param list<string> $headers
     *
     * @return list<array{int, string}> status and body of each
     */
    public static function together(array $requests, int $atOnce, array $headers = []): array
    {
        $multi = curl_multi_init();
        $answers = [];
        $running = [];
        $next = 0;
        do {
            while (count($running) < $atOnce && $next < count($requests)) {
                [$url, $body] = $requests[$next];
                $handle = curl_init($url);
                curl_setopt_array($handle, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 120]);
                if ($body !== null) {
                    curl_setopt_array($handle, [
                        CURLOPT_POSTFIELDS => $body,
                        CURLOPT_HTTPHEADER => ['Content-Type: application/json; charset=utf-8', 'Expect:', ...$headers],
                    ]);
                }
                curl_multi_add_handle($multi, $handle);
                $running[(int) spl_object_id($handle)] = [$next++, $handle];
            }
            curl_multi_exec($multi, $active);
            curl_multi_select($multi, 0.2);
            while (($done = curl_multi_info_read($multi)) !== false) {
                [$at, $handle] = $running[spl_object_id($done['handle'])];
                $answers[$at] = [curl_getinfo($handle, CURLINFO_RESPONSE_CODE), (string) curl_multi_getcontent($handle)];
                curl_multi_remove_handle($multi, $handle);
                unset($running[spl_object_id($handle)]);
            }
        } while ($running !== [] || $next < count($requests));
        ksort($answers);
        return $answers;
    }

    public function stop(): void
    {
        $this->nginx->stop();
        $this->fpm->stop();
    }

    /** @param array<string, string> $ini @return list<string> */
    private static function command(bool $root, string $configuration, array $ini): array
    {
        $program = glob('/usr/sbin/php-fpm' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION) ?: ['php-fpm'];
        $command = [$program[0], '-F', '-y', $configuration];
        if ($root) {
            array_splice($command, 1, 0, ['-R']);
        }
        $ini += ['opcache.enable' => '1', 'post_max_size' => '256M', 'display_errors' => '0', 'log_errors' => '1'];
        foreach ($ini as $name => $value) {
            array_push($command, '-d', "$name=$value");
        }
        return $command;
    }

    private static function fpm(string $folder, bool $root, int $workers): string
    {
        $user = $root ? "user = root\ngroup = root\n" : '';
        $library = (string) getenv('WOSIGNDOC_LIBRARY');
        return <<<CONF
            [global]
            error_log = $folder/fpm.log
            daemonize = no
            [site]
            $user
            listen = $folder/fpm.sock
            listen.mode = 0666
            pm = static
            pm.max_children = $workers
            catch_workers_output = yes
            php_admin_value[error_log] = $folder/php.log
            env[WOSIGNDOC_LIBRARY] = $library
            CONF;
    }

    /** @param array<string, string> $parameters */
    private static function nginx(
        string $folder,
        int $port,
        bool $root,
        array $parameters,
        string $site,
        string $servers,
    ): string {
        $user = $root ? 'user root;' : '';
        $parameters += ['WSD_PACKAGE' => dirname(__DIR__, 2), 'WSD_FOLDER' => $folder];
        $more = '';
        foreach ($parameters as $name => $value) {
            $more .= "fastcgi_param $name \"$value\";\n";
        }
        return <<<CONF
            $user
            daemon off;
            worker_processes 1;
            pid $folder/nginx.pid;
            error_log $folder/nginx.log;
            events { worker_connections 256; }
            http {
                access_log off;
                $servers
                client_body_temp_path $folder/temp;
                fastcgi_temp_path $folder/temp;
                proxy_temp_path $folder/temp;
                uwsgi_temp_path $folder/temp;
                scgi_temp_path $folder/temp;
                server {
                    listen 127.0.0.1:$port;
                    client_max_body_size 256m;
                    location ~ ^/([a-z-]+\.php)$ {
                        include /etc/nginx/fastcgi_params;
                        fastcgi_param SCRIPT_FILENAME $site/$1;
                        $more
                        fastcgi_pass unix:$folder/fpm.sock;
                        fastcgi_read_timeout 120s;
                    }
                }
            }
            CONF;
    }
}
