using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using WoSignDoc;

// Sends an order and receives its push, on Windows with .NET's runtime alone: scripts/test-windows builds it on the
// package, and runs it under Wine.
// usage: WindowsOrder CLIENT.JSON CONTRACT.PDF SIGNED.PDF HOST:PORT MATERIAL.PNG FIRST-PAGE LAST-PAGE
Console.WriteLine($"wosigndoc {WoSignDocLibrary.Version} from {WoSignDocLibrary.LoadedFrom}");
var listener = new TcpListener(IPAddress.Loopback, int.Parse(args[3].Split(':')[1]));
listener.Start();
string signed = Path.GetFullPath(args[2]), folder = Path.Combine(Path.GetDirectoryName(signed)!, "推送");
var endpoint = new PushEndpoint(
    (push, _) =>
    {
        if (push.Failed)
        {
            throw new InvalidOperationException("the order failed: " + push);
        }

        push.MoveTo(signed);
        return Task.CompletedTask;
    },
    new PushEndpointOptions { Folder = folder, DeliveryStore = new FileDeliveryStore(Path.Combine(folder, "deliveries")) });

var person = Signer.Person("李明", "11010519491231002X");
person.Material = person.OtherMaterial = DocumentSource.FromFile(args[4]);
person.Boxes.Add(new SignatureBox(int.Parse(args[6]), 0.56, 0.62, 0.70, 0.719));
var order = new SignOrder("WIN-" + Guid.NewGuid()) { Document = DocumentSource.FromFile(args[1]), Signers = { person } };
using WoSignDocClient client = WoSignDocClient.FromFile(args[0]);
PreflightReport report = client.Preflight();
Console.Write(report.Text);
SignOrderResult result = await client.CreateAsync(order);
Console.WriteLine($"accepted: {result.SignId}");

using TcpClient platform = await listener.AcceptTcpClientAsync();
NetworkStream stream = platform.GetStream();
PushAnswer answer = endpoint.Handle("POST", Body(stream));
stream.Write(Encoding.ASCII.GetBytes(
    $"HTTP/1.1 {answer.StatusCode} X\r\nContent-Type: {answer.ContentType}\r\nContent-Length: {answer.Body.Length}\r\n"
    + $"Connection: close\r\n\r\n{answer.Body}"));
Console.WriteLine($"answered {answer.StatusCode} {answer.Body}, and {signed} has {new FileInfo(signed).Length} bytes");
return report.Ok && answer.Acknowledged ? 0 : 1;

// The body of a request, which says its length.
static MemoryStream Body(Stream stream)
{
    var head = new StringBuilder();
    while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
    {
        int next = stream.ReadByte();
        head.Append(next >= 0 ? (char)next : throw new EndOfStreamException("the request was cut"));
    }

    string lower = head.ToString().ToLowerInvariant();
    if (lower.Contains("100-continue"))
    {
        stream.Write("HTTP/1.1 100 Continue\r\n\r\n"u8);
    }

    byte[] body = new byte[int.Parse(lower.Split("content-length:")[1].Split('\r')[0])];
    stream.ReadExactly(body);
    return new MemoryStream(body);
}
