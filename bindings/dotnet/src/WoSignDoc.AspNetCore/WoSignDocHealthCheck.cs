using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace WoSignDoc.AspNetCore;

// Runs a preflight, off the calling thread since it blocks.
internal sealed class WoSignDocHealthCheck(IServiceProvider services, TimeSpan timeout) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            WoSignDocOptions options = services.GetRequiredService<IOptions<WoSignDocOptions>>().Value;
            PreflightReport report = await Task.Run(
                () => PreflightReport.For(options, timeout), cancellationToken).ConfigureAwait(false);
            if (report.Ok && await PushFailureAsync(cancellationToken).ConfigureAwait(false) is { } failure)
            {
                return new HealthCheckResult(
                    context.Registration.FailureStatus, "pushes cannot be received: " + failure.Message, failure);
            }

            var data = new Dictionary<string, object> { ["report"] = report.Text };
            return new HealthCheckResult(
                report.Ok ? HealthStatus.Healthy : context.Registration.FailureStatus,
                report.Ok ? "orders can be sent" : "orders cannot be sent: " + FirstError(report),
                data: data);
        }
        catch (WoSignDocException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
        }
    }

    // What a log shows of a report.
    private static string FirstError(PreflightReport report) =>
        report.Checks.FirstOrDefault(static check => check.Level == PreflightLevel.Error)?.ToString() ?? report.Text;

    // The folders and stores of the callback URLs; null when all can be used.
    private async Task<Exception?> PushFailureAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (PushRequest each in services.GetRequiredService<MappedPushes>().All)
            {
                await each.CheckAsync(services, cancellation).ConfigureAwait(false);
            }

            return null;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            return exception; // Of any kind: a store throws what it likes.
        }
    }
}
