using System;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using WoSignDoc;
using WoSignDoc.Testing;

namespace WoSignDocProbe;

/// <summary>What tests need a fresh process for. Prints one line of findings.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        switch (arguments[0])
        {
            case "load":
                return Load(arguments.Length > 1 ? arguments[1] : null);
            case "memory":
                return Memory(orders: 10_000, pushes: 2_000);
            case "hang":
                return Hang(arguments[1]);
            case "sandbox":
                return Sandbox();
            default:
                Console.Error.WriteLine("load [PATH] | memory | hang FOLDER | sandbox");
                return 2;
        }
    }

    private static int Load(string? path)
    {
        try
        {
            if (path is not null)
            {
                WoSignDocLibrary.Load(path);
            }

            Console.WriteLine($"loaded {WoSignDocLibrary.LoadedFrom} {WoSignDocLibrary.Version}");
        }
        catch (NativeLibraryException exception)
        {
            Console.WriteLine($"{exception.Reason} abi={exception.FoundAbi} {exception.Message}");
        }

        return 0;
    }

    /// <summary>A test process whose sandbox never ends by itself. Prints the sandbox's process and folder.</summary>
    private static int Sandbox()
    {
        using WoSignDocSandbox sandbox = WoSignDocSandbox.StartAsync().GetAwaiter().GetResult();
        string folder = Path.GetDirectoryName(sandbox.ConfigurationFile)!;
        using JsonDocument served = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "server.json")));
        Console.WriteLine($"{served.RootElement.GetProperty("pid").GetInt64()} {folder}");
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    /// <summary>A site whose function says that it runs, and never ends.</summary>
    private static int Hang(string folder)
    {
        var endpoint = new PushEndpoint(
            (_, _) =>
            {
                Console.WriteLine("running");
                Thread.Sleep(Timeout.Infinite);
                return Task.CompletedTask;
            },
            new PushEndpointOptions { Folder = folder });
        return TestPush.SignedDocument("A-1", [1, 2, 3]).PostTo(endpoint).StatusCode;
    }

    /// <summary>Resident memory before and after many calls, both after a warm-up.</summary>
    private static int Memory(int orders, int pushes)
    {
        byte[] push = Push(64 * 1024);
        string target = Path.Combine(Path.GetTempPath(), $"wosigndoc-memory-{Guid.NewGuid():N}.pdf");
        Work(orders, pushes, push, target);
        long before = Resident();
        Work(orders, pushes, push, target);
        long after = Resident();
        File.Delete(target);
        Console.WriteLine(
            $"memory {orders} orders {pushes} pushes: {before / 1024} KB, then {after / 1024} KB, "
            + $"grown by {(after - before) / 1024} KB");
        return 0;
    }

    private static void Work(int orders, int pushes, byte[] push, string target)
    {
        byte[] document = new byte[4096];
        for (int at = 0; at < orders; at++)
        {
            var order = new SignOrder("A-" + at.ToString(CultureInfo.InvariantCulture))
            {
                Document = document,
                FileFormat = "pdf",
                Signers =
                {
                    Signer.Person(at % 2 == 0 ? "李明" : string.Empty, "11010519491231002X"),
                },
            };
            order.Signers[0].Material = document;
            order.Signers[0].OtherMaterial = document;
            order.Signers[0].Boxes.Add(new SignatureBox(1, 0.1, 0.2, 0.3, 0.4));
            try
            {
                OrderCheck.Validate(order);
            }
            catch (InvalidOrderException)
            {
                // Every second one, so that failures are measured too.
            }
        }

        for (int at = 0; at < pushes; at++)
        {
            switch (at % 4)
            {
                case 0:
                    PushReceiver.Receive(push);
                    break;
                case 1:
                    PushReceiver.ReadToFile(new MemoryStream(push), target);
                    break;
                case 2:
                    using (PushReceiver receiver = PushReceiver.ToMemory())
                    {
                        receiver.Feed(push);
                        receiver.Finish();
                    }

                    break;
                default:
                    Broken(push);
                    break;
            }
        }
    }

    private static void Broken(byte[] push)
    {
        try
        {
            PushReceiver.Receive(push.AsSpan(0, push.Length - 2));
        }
        catch (ProtocolException)
        {
            // Cut short, as meant.
        }
    }

    private static byte[] Push(int length)
    {
        byte[] document = new byte[length];
        new Random(1).NextBytes(document);
        using var sha256 = SHA256.Create();
        string hash = BitConverter.ToString(sha256.ComputeHash(document)).Replace("-", string.Empty).ToLowerInvariant();
        return Encoding.UTF8.GetBytes(
            "{\"actiontype\":\"PushSignedDoc\",\"status\":1,\"errorcode\":\"0\",\"extendData\":{\"signid\":\"S-1\","
            + "\"ordernumber\":\"A-1\",\"content\":\"" + Convert.ToBase64String(document) + "\",\"hash\":\"" + hash + "\"}}");
    }

    /// <summary>Bytes of memory that the process holds, once garbage is gone.</summary>
    private static long Resident()
    {
        for (int round = 0; round < 3; round++)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        foreach (string line in File.ReadAllLines("/proc/self/status"))
        {
            if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
            {
                return 1024 * long.Parse(
                    line.Split(new[] { ' ', '\t' }, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException("no VmRSS in /proc/self/status");
    }
}
