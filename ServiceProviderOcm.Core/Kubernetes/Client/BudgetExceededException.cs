namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>A server uses more than a <see cref="ReadBudget"/> has.</summary>
internal sealed class BudgetExceededException(string what, string limit, TimeSpan? retryAfter = null) : Exception(what)
{
    /// <summary>The name of the limit in metrics.</summary>
    public string Limit { get; } = limit;

    /// <summary>How long to wait before anything else is read.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
