namespace ServiceProviderOcm.Sandbox.Demo.View;

/// <summary>The output of the sandbox.</summary>
internal interface IView
{
    /// <summary>Prints a line; not while a status is shown.</summary>
    void Say(string text);

    /// <summary>Shows the status and its changes.</summary>
    /// <param name="watch">The status to show.</param>
    /// <param name="isEnough">Whether to return.</param>
    /// <param name="isLast">Whether the output at the end stays.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    Task ShowAsync(PlatformStatusWatch watch, Func<PlatformStatus, bool> isEnough, bool isLast, CancellationToken cancellationToken);
}
