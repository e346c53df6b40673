<?php

declare(strict_types=1);

namespace WoSignDoc\Push;

use WoSignDoc\Host;
use WoSignDoc\Native\Json;

/** Where documents are kept whose signatures did not prove them: `SHA-256.pdf`, each with its report, `SHA-256.json`. */
final class QuarantineOptions
{
    /** The folder, as a whole path. */
    public readonly string $folder;

    /**
     * @param string $folder is made, for this user only, where it is missing
     * @param ?int $maxFiles how many documents are kept; a further one is refused all the same. Null: the core's own number
     */
    public function __construct(string $folder, public readonly ?int $maxFiles = null)
    {
        $this->folder = Host::absolute($folder);
    }

    /** Writes them as the core reads them. @return array<string, mixed> */
    public function toArray(): array
    {
        return Json::given(['folder' => $this->folder, 'max_files' => $this->maxFiles]);
    }
}
