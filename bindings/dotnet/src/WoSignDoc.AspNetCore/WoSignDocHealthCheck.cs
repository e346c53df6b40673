using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace WoSignDoc.AspNetCore;

/// <summary>Runs a preflight, off the calling thread since it blocks.</summary>
internal sealed class WoSignDocHealthCheck(IOptions<WoSignDocOptions> options, TimeSpan timeout) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            PreflightReport report = await Task.Run(
                () => PreflightReport.For(options.Value, timeout), cancellationToken).ConfigureAwait(false);
            var data = new Dictionary<string, object> { ["report"] = report.Text };
            return new HealthCheckResult(
                report.Ok ? HealthStatus.Healthy : context.Registration.FailureStatus,
                report.Ok ? "orders can be sent" : "orders cannot be sent",
                data: data);
        }
        catch (WoSignDocException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
        }
    }
}
