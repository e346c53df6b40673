using System.Collections.Generic;
using System.Configuration;
using System.IO;
using System.Threading.Tasks;
using System.Web;
using System.Web.Hosting;
using WoSignDoc;

namespace PushSite;

/// <summary>The callback URL of a classic ASP.NET site, as Push.ashx.</summary>
public sealed class PushHandler : IHttpHandler
{
    // [classic]
    private static readonly string Folder = MakeFolder();

    // The function runs only for a document that arrived whole and whose hash held. The platform is told "1" when
    // it has returned; when it throws, the platform pushes again.
    private static readonly PushEndpoint Endpoint = new(
        (push, _) =>
        {
            if (!push.Failed)
            {
                // Whoever can reach this URL chooses the ids of a push: as a file's name, "../x" would leave the
                // folder. The hash was computed here.
                push.MoveTo(Path.Combine(Folder, push.Sha256 + ".pdf"));
            }

            return Task.CompletedTask;
        },
        new PushEndpointOptions
        {
            Folder = Folder,
            DeliveryStore = new FileDeliveryStore(Path.Combine(Folder, "deliveries")),
        });

    public bool IsReusable => true;

    public void ProcessRequest(HttpContext context)
    {
        PushAnswer answer = Endpoint.Handle(context.Request.HttpMethod, context.Request.GetBufferlessInputStream());
        context.Response.StatusCode = answer.StatusCode;
        context.Response.ContentType = answer.ContentType;
        foreach (KeyValuePair<string, string> header in answer.Headers)
        {
            context.Response.AppendHeader(header.Key, header.Value);
        }

        context.Response.TrySkipIisCustomErrors = true;
        context.Response.Write(answer.Body);
    }
    // [/classic]

    private static string MakeFolder()
    {
        string folder = ConfigurationManager.AppSettings["ContractFolder"] ?? "App_Data";
        return Directory.CreateDirectory(Path.Combine(HostingEnvironment.ApplicationPhysicalPath, folder)).FullName;
    }
}
