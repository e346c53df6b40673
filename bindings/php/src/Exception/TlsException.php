<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

/** No trusted TLS connection came about. */
final class TlsException extends WoSignDocException
{
}
