namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Reads from the environment which API servers the tests run on.</summary>
public static class ServerChoices
{
    /// <summary>What the environment asks for.</summary>
    /// <param name="choice">The variable <c>TEST_SERVERS</c>; null or empty where it is not set.</param>
    /// <param name="isCi">Whether <c>CI=true</c>, where nothing may be left out.</param>
    /// <exception cref="ArgumentException"><c>TEST_SERVERS</c> is something else than <c>real</c> or <c>sandbox</c>.</exception>
    public static ServerChoice Parse(string? choice, bool isCi) => choice switch
    {
        null or "" => isCi ? ServerChoice.Real : ServerChoice.RealOrSandbox,
        "real" => ServerChoice.Real,
        "sandbox" => ServerChoice.Sandbox,
        _ => throw new ArgumentException($"TEST_SERVERS is \"{choice}\"; it can be \"real\", \"sandbox\" or not set"),
    };
}
