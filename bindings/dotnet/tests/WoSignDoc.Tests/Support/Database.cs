using System;
using System.Data.Common;

namespace WoSignDoc.Tests.Support;

/// <summary>An SQLite database by the driver that the runtime has.</summary>
internal static class Database
{
#if NET
    internal static DbConnection Connect(string file) =>
        new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Default Timeout=30");
#else
    // Part of Mono, so that it is not referenced when the tests are built elsewhere.
    private static readonly Type Driver = Type.GetType(
        "Mono.Data.Sqlite.SqliteConnection, Mono.Data.Sqlite, Version=4.0.0.0, Culture=neutral, "
        + "PublicKeyToken=0738eb9f132ed756", throwOnError: true);

    internal static DbConnection Connect(string file) =>
        (DbConnection)Activator.CreateInstance(Driver, $"Data Source={file};Default Timeout=30;busy_timeout=30000");
#endif
}
