namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Which API servers the tests run on.</summary>
public enum ServerChoice
{
    /// <summary>Real ones where they can be had, otherwise those of the sandbox.</summary>
    RealOrSandbox,

    /// <summary>Real ones, or the tests fail.</summary>
    Real,

    /// <summary>Those of the sandbox.</summary>
    Sandbox,
}
