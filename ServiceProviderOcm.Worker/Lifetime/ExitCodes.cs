namespace ServiceProviderOcm.Worker.Lifetime;

/// <summary>What the process' exit code says.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A request failed, and a retry may help; or <c>render</c> found that an OCM would not be installed.</summary>
    public const int Failure = 1;

    /// <summary><c>render --diff</c> found differences.</summary>
    public const int Differences = 1;

    /// <summary>The command line, the settings or the files are wrong; trying again will not help.</summary>
    public const int Usage = 2;

    /// <summary>A request of <c>render --diff</c> failed: its exit code 1 means differences, as that of <c>kubectl diff</c>.</summary>
    public const int DiffFailure = 3;
}
