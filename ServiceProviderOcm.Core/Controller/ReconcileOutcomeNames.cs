namespace ServiceProviderOcm.Core.Controller;

/// <summary>controller-runtime's words for how a reconciliation ended.</summary>
internal static class ReconcileOutcomeNames
{
    public static readonly IReadOnlyList<string> All = [Success, Error, "requeue", RequeueAfter];

    private const string Success = "success";
    private const string Error = "error";
    private const string RequeueAfter = "requeue_after";

    public static string Of(ReconcileOutcome outcome) => outcome switch
    {
        ReconcileOutcome.Success => Success,
        ReconcileOutcome.RequeueAfter => RequeueAfter,
        _ => Error,
    };
}
