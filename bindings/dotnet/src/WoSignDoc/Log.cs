using System;
using Microsoft.Extensions.Logging;

namespace WoSignDoc;

// Writes everything that this package logs: numbers and ids of orders only.
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Configuration: {Warning}")]
    internal static partial void Configuration(ILogger logger, string warning);

    [LoggerMessage(2, LogLevel.Information,
        "Order {OrderNumber} accepted as {SignId} (attempts: {Attempts}, accepted before: {AcceptedBefore})")]
    internal static partial void Accepted(
        ILogger logger, string? orderNumber, string? signId, int attempts, bool acceptedBefore);

    [LoggerMessage(3, LogLevel.Warning, "Order not accepted: {Reason}, code {Code}, may have arrived: {MayHaveArrived}")]
    internal static partial void Refused(ILogger logger, string reason, int? code, bool mayHaveArrived);

    [LoggerMessage(4, LogLevel.Information, "Push of order {OrderNumber} ({SignId}) stored and acknowledged")]
    internal static partial void Acknowledged(ILogger logger, string? orderNumber, string? signId);

    [LoggerMessage(5, LogLevel.Information, "Push of order {OrderNumber} ({SignId}) was stored before; acknowledged again")]
    internal static partial void AcknowledgedAgain(ILogger logger, string? orderNumber, string? signId);

    [LoggerMessage(6, LogLevel.Information, "Push of order {OrderNumber} ({SignId}) is being stored elsewhere; not acknowledged")]
    internal static partial void Busy(ILogger logger, string? orderNumber, string? signId);

    [LoggerMessage(7, LogLevel.Warning, "Push refused: {Reason}")]
    internal static partial void PushRefused(ILogger logger, Exception exception, string reason);

    [LoggerMessage(15, LogLevel.Warning, "Push refused: {Reason}: {Report}; kept: {Kept}")]
    internal static partial void DocumentUntrusted(
        ILogger logger, Exception exception, string reason, VerificationReport report, string kept);

    [LoggerMessage(8, LogLevel.Error, "Push of order {OrderNumber} ({SignId}) not acknowledged: storing it failed")]
    internal static partial void HandlerFailed(ILogger logger, Exception exception, string? orderNumber, string? signId);

    [LoggerMessage(9, LogLevel.Error, "Push not acknowledged: the delivery store failed")]
    internal static partial void StoreFailed(ILogger logger, Exception exception);

    [LoggerMessage(10, LogLevel.Error, "Push not acknowledged: it could not be received")]
    internal static partial void ReceivingFailed(ILogger logger, Exception exception);

    [LoggerMessage(11, LogLevel.Warning,
        "Push of order {OrderNumber} ({SignId}) took longer than its claim held and was taken over: it may have been stored twice")]
    internal static partial void TakenOver(ILogger logger, string? orderNumber, string? signId);

    [LoggerMessage(12, LogLevel.Warning,
        "Push of order {OrderNumber} ({SignId}): its claim was taken over while the function runs: it may be stored twice")]
    internal static partial void ClaimLost(ILogger logger, string? orderNumber, string? signId);

    [LoggerMessage(14, LogLevel.Warning,
        "Push of order {OrderNumber} ({SignId}): an earlier claim expired, as after its process died: the function may run a second time for this push")]
    internal static partial void GrantedAgain(ILogger logger, string? orderNumber, string? signId);

    [LoggerMessage(13, LogLevel.Warning, "A claim could not be renewed; it is tried again")]
    internal static partial void RenewalFailed(ILogger logger, Exception exception);
}
